import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { type ClientCall, IDLE } from '#protocol/call-client-state';
import { DOOR_MS } from '#protocol/limits';
import { callOf, doorOf } from '../../../crypto/guest-link.ts';
import { GuestCalls } from '../crypto/guest-calls';
import { type Heard, type Said } from '../signaling/said';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { GuestLinks } from './guest-links';
import { until } from './testing/until';

const KEY = 'parley.guest-links';

describe('Links for guests', () => {
  let heard: Subject<Heard>;
  let sent: Said[];
  const state = signal<ClientCall>(IDLE);
  const status = signal({ is: 'live' });
  const open = (): GuestLinks => {
    TestBed.resetTestingModule();
    heard = new Subject();
    sent = [];
    const send = (frame: Said) => void sent.push(frame);
    TestBed.configureTestingModule({
      providers: [
        { provide: Signaling, useValue: { frames: heard, status, send } },
        { provide: Call, useValue: { state } },
      ],
    });
    return TestBed.inject(GuestLinks);
  };
  const welcome = (how: 'new' | 'resumed') => heard.next({ type: 'welcome', how } as Heard);
  const kept = () => JSON.parse(localStorage.getItem(KEY) ?? '[]') as object[];

  beforeEach(() => {
    localStorage.removeItem(KEY);
    state.set(IDLE);
  });
  afterAll(() => localStorage.removeItem(KEY));

  it('CA40b: tell the server what comes of the secret, and never the secret', async () => {
    const links = open();
    await links.make();
    const [made] = links.links();
    expect(sent).toEqual([{ type: 'guest.open', callId: made!.callId, door: await doorOf(made!.secret) }]);
    expect(made!.callId).toBe(await callOf(made!.secret));
    expect(JSON.stringify(sent)).not.toContain(made!.secret);
    expect(links.known().size).toBe(0);
    heard.next({ type: 'guest.link', callId: made!.callId, ms: DOOR_MS });
    expect(links.known()).toEqual(new Set([made!.callId]));
  });

  it('CA40c: are said again after each welcome that is not resumed, by the next page too', async () => {
    const links = open();
    await links.make();
    heard.next({ type: 'guest.link', callId: links.links()[0]!.callId, ms: DOOR_MS });
    welcome('resumed');
    expect([sent.length, links.known().size]).toEqual([1, 1]);
    welcome('new');
    expect(links.known().size).toBe(0);
    await until('it is said again', () => sent.length === 2);
    TestBed.tick();
    const [before] = links.links();
    const later = open();
    expect(later.links()).toEqual([before!]);
    await until('the next page says it', () => sent.length === 1);
  });

  it('CA40a: are forgotten after a day, when they are used, closed or refused', async () => {
    localStorage.setItem(
      KEY,
      JSON.stringify([{ callId: crypto.randomUUID(), secret: 'x', madeAt: Date.now() - DOOR_MS }]),
    );
    const links = open();
    expect(links.links()).toEqual([]);
    for (const end of [
      (callId: string) => state.set({ state: 'joined', callId } as ClientCall),
      (callId: string) => links.close(callId as never),
      (callId: string) => heard.next({ type: 'guest.link', callId: callId as never, ms: 0 }),
      (id: string) => heard.next({ type: 'fault', re: { type: 'guest.open', id }, code: 'out-of-bounds', detail: '' }),
    ]) {
      await links.make();
      end(links.links()[0]!.callId);
      TestBed.tick();
      expect(links.links()).toEqual([]);
      expect(kept()).toEqual([]);
    }
    expect(links.refused()).toBeTrue();
    expect(sent.some(({ type }) => type === 'guest.close')).toBeTrue();
  });

  it('are none where what was kept cannot be read', () => {
    for (const text of ['{', '[1]', '{"a":1}', '[{"callId":"x","secret":"y","madeAt":1}]']) {
      localStorage.setItem(KEY, text);
      expect(open().links()).withContext(text).toEqual([]);
    }
  });
});

describe('GuestCalls', () => {
  it('CA42a: notes guests by the name they have typed, and nobody else', () => {
    const guests = TestBed.inject(GuestCalls);
    const id = `guest:${crypto.randomUUID()}` as never;
    const invited = { type: 'call.invited', senderId: id, guest: 'Heinrich' } as unknown as Heard;
    guests.hear(invited);
    guests.hear({ ...invited, senderId: 'somebody', guest: undefined } as never);
    expect([...guests.people().keys()]).toEqual([id]);
    expect(guests.people().get(id)?.displayName).toBe('Heinrich');
    expect([guests.concerns(id), guests.concerns('somebody' as never)]).toEqual([true, false]);
  });

  it('CA43a: opens at a host what a guest’s page has sealed, and nothing without the link’s secret', async () => {
    const [host, guest] = [make(), make()];
    const [callId, secret] = [crypto.randomUUID() as never, 'AAECAwQFBgcICQoLDA0ODw'];
    const userId = `guest:${crypto.randomUUID()}` as never;
    const noor = { id: 'noor' as never, displayName: 'Noor Haddad' };
    guest.pass = { userId, host: noor };
    guest.secrets.set(callId, secret);
    expect(guest.concerns(noor.id)).toBeTrue();
    const said = { type: 'call.offer', callId, link: 1, data: 'sdp' } as const;
    const sealed = await (await guest.sealing()).seal(noor.id, said);
    if (!sealed.ok) throw new Error('not sealed');
    const frame = { ...said, data: sealed.value, senderId: userId, receiverId: noor.id, deviceId: 'd' as never };
    expect(await (await make().sealing()).open(frame)).toBeNull();
    host.secrets.set(callId, secret);
    expect(await (await host.sealing()).open(frame)).toBe('sdp');
    expect((await (await make().sealing()).seal(userId, said)).ok).toBeFalse();
  });

  const make = () => TestBed.runInInjectionContext(() => new GuestCalls());
});
