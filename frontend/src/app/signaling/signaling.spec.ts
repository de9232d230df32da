import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { type CallId, type SessionId, type UserId } from '#protocol/ids';
import { type ClientFrame } from '#protocol/messages';
import { ACK_WITHIN_MS } from '#protocol/outbox';
import { anId } from '#protocol/testing/ids';
import { Signaling } from './signaling';
import { type SocketEvent } from './socket';

const SESSION = anId<SessionId>('00000000-0000-4000-8000-000000000001');
const OTHER = anId<SessionId>('00000000-0000-4000-8000-000000000002');
const USER = anId<UserId>('00000000-0000-4000-8000-000000000003');
const CALL = anId<CallId>('00000000-0000-4000-8000-000000000004');
const welcome = (how: 'new' | 'resumed' | 'again', session = SESSION, more: object = {}): string =>
  JSON.stringify({
    type: 'welcome',
    session,
    how,
    ack: 0,
    userId: USER,
    deviceId: USER,
    tokenMs: 600_000,
    serverTime: 0,
    epoch: 'e',
    origins: [],
    presence: [],
    ...more,
  });
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('signaling', () => {
  let signaling: Signaling;
  let socket: Subject<SocketEvent>;
  let wrote: ClientFrame[];
  let byes: number;
  let tokens: boolean[];
  const hear = (text: string): void => socket.next({ type: 'text', text });
  const open = async (): Promise<void> => {
    await settled();
    const write = (text: string): void => void wrote.push(JSON.parse(text) as ClientFrame);
    socket.next({ type: 'opened', socket: { write, bye: () => byes++ } });
  };
  const types = (): string[] => wrote.map(({ type }) => type);

  beforeEach(async () => {
    jasmine.clock().install().mockDate();
    [wrote, tokens, byes] = [[], [], 0];
    signaling = TestBed.inject(Signaling);
    signaling.connect(
      renew => Promise.resolve(tokens.push(renew) ? `token ${tokens.length}` : null),
      () => (socket = new Subject<SocketEvent>()),
    );
    await open();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jasmine.clock().uninstall();
  });

  it('is live with its welcome, and says at once whether the page is visible', () => {
    expect(signaling.status().is).toBe('connecting');
    hear(welcome('new'));
    expect(signaling.status().is).toBe('live');
    expect(signaling.welcome()?.session).toBe(SESSION);
    expect(types()).toEqual(['hello', 'presence']);
  });

  it('has no news of the connection where the server says a welcome anew', () => {
    hear(welcome('new'));
    const status = signaling.status();
    hear(welcome('resumed', SESSION, { origins: ['https://parley.local'] }));
    expect(signaling.welcome()?.origins).toEqual(['https://parley.local']);
    expect(signaling.status()).toBe(status);
  });

  it('names the call this page is in when it comes back', async () => {
    hear(welcome('new'));
    signaling.nameCalls([CALL]);
    socket.next({ type: 'closed', code: 1006 });
    jasmine.clock().tick(20_000);
    await open();
    expect(wrote.at(-1)).toEqual({ type: 'hello', token: 'token 2', session: SESSION, received: 0, calls: [CALL] });
  });

  it('shows, while a new welcome is delivered, what the old session has lost; its owner may say it again', async () => {
    hear(welcome('new'));
    const hangUp = { type: 'call.hangup' as const, receiverId: USER, callId: CALL };
    signaling.send(hangUp);
    socket.next({ type: 'closed', code: 1006 });
    jasmine.clock().tick(20_000);
    await open();
    signaling.frames.subscribe(() => signaling.unconfirmed().forEach(frame => signaling.send(frame)));
    hear(welcome('new', OTHER));
    expect(wrote.filter(({ type }) => type === 'call.hangup').map(frame => ('n' in frame ? frame.n : 0))).toEqual([
      1, 1,
    ]);
    expect(signaling.unconfirmed()).toEqual([hangUp]);
  });

  it('hands on frames in order, also those that lead to saying something', () => {
    const heard: string[] = [];
    signaling.frames.subscribe(frame => {
      heard.push(frame.type);
      if (frame.type === 'devices.changed') signaling.send({ type: 'presence', visible: true });
    });
    hear(welcome('new'));
    hear('{"type":"devices.changed","n":1}');
    hear('{"type":"calls.changed","n":2}');
    expect(heard).toEqual(['welcome', 'devices.changed', 'calls.changed']);
  });

  it('D3b confirms in time what nothing else has confirmed', () => {
    hear(welcome('new'));
    hear('{"type":"devices.changed","n":1}');
    hear('{"type":"devices.changed","n":2}');
    expect(types()).not.toContain('ack');
    jasmine.clock().tick(ACK_WITHIN_MS);
    expect(wrote.filter(({ type }) => type === 'ack')).toEqual([{ type: 'ack', upTo: 2 }]);
  });

  it('renews its token in the living session at two thirds of its life', async () => {
    hear(welcome('new'));
    // The server says something now and then: a silent socket would be given up.
    for (let i = 0; i < 14; i++) {
      jasmine.clock().tick(30_000);
      hear('{"type":"ping"}');
    }
    await settled();
    expect(tokens).toEqual([false, true]);
    expect(wrote.filter(({ type }) => type === 'hello').at(-1)).toEqual({
      type: 'hello',
      token: 'token 2',
      session: SESSION,
    });
  });

  it('gives up a socket whose server breaks the rules, and begins a new session', async () => {
    hear(welcome('new'));
    hear('{"type":"devices.changed","n":5}');
    expect(signaling.status().is).toBe('waiting');
    jasmine.clock().tick(20_000);
    await open();
    expect(wrote.at(-1)).toEqual({ type: 'hello', token: 'token 2' });
  });

  it('says bye when the page goes and when it disconnects', () => {
    hear(welcome('new'));
    window.dispatchEvent(new Event('pagehide'));
    expect([types().at(-1), byes]).toEqual(['bye', 1]);
    signaling.disconnect();
    expect([signaling.status().is, signaling.welcome()]).toEqual(['off', null]);
  });

  it('takes the session back when a person wants it here', async () => {
    hear(welcome('new'));
    socket.next({ type: 'closed', code: 4409 });
    expect(signaling.status().is).toBe('replaced');
    signaling.reconnect();
    await open();
    hear(welcome('new', OTHER));
    expect(signaling.status().is).toBe('live');
  });
});
