import { TestBed } from '@angular/core/testing';
import { type CallEntry, type CallLog as Answer } from '#protocol/api/calls';
import { type UserId } from '#protocol/ids';
import { ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { Api } from '../account/api';
import { LocalDatabase } from '../device/local-database';
import { Badges } from '../look/badges';
import { FakeSignaling } from '../signaling/testing/fake-signaling';
import { Signaling } from '../signaling/signaling';
import { CallLog } from './call-log';

const entry = (position: number, change: Partial<CallEntry> = {}): CallEntry => ({
  callId: anId(`call ${position}`),
  position,
  others: [{ id: anId('peer'), username: 'mira', displayName: 'Mira Sand' }],
  conversationId: anId('with mira'),
  direction: 'incoming',
  media: 'audio',
  at: position,
  reason: 'missed',
  ...change,
});

describe('call log', () => {
  let log: CallLog;
  let signaling: FakeSignaling;
  let requests: string[];
  let pages: Map<string, Answer>;
  let kept: CallEntry[];
  const positions = (): number[] => log.entries().map(({ position }) => position);
  const head = (items: CallEntry[], more: Partial<Answer> = {}): void => {
    pages.set('/api/calls?limit=50', { items, missed: 0, seen: 0, ...more });
  };

  beforeEach(() => {
    signaling = new FakeSignaling();
    [requests, kept, pages] = [[], [], new Map()];
    const request = (method: string, path: string, { body }: { body?: unknown }) => {
      requests.push(body === undefined ? path : `${method} ${path} ${JSON.stringify(body)}`);
      return Promise.resolve(ok(pages.get(path)));
    };
    const table = {
      ordered: () => Promise.resolve(kept),
      clear: () => Promise.resolve((kept = [])),
      bulkPut: (entries: CallEntry[]) => Promise.resolve((kept = entries)),
    };
    const db = { table: () => table, transaction: (_tables: string[], act: () => Promise<void>) => act() };
    const local = { use: (act: (tables: typeof db) => Promise<unknown>) => act(db) };
    TestBed.configureTestingModule({
      providers: [
        { provide: Signaling, useValue: signaling },
        { provide: Api, useValue: { request } },
        { provide: LocalDatabase, useValue: local },
      ],
    });
    log = TestBed.inject(CallLog);
  });

  it('shows at once what this device has kept', async () => {
    kept = [entry(2), entry(1)];
    await log.start();
    expect(positions()).toEqual([2, 1]);
    expect(requests).toEqual([]);
  });

  it('reads again what this device has kept where that has failed', async () => {
    kept = [entry(1)];
    const use = spyOn(TestBed.inject(LocalDatabase), 'use').and.rejectWith(new Error('closed'));
    await log.start();
    expect(positions()).toEqual([]);
    use.and.callThrough();
    await log.start();
    await log.start();
    expect(positions()).toEqual([1]);
    expect(use).toHaveBeenCalledTimes(2);
  });

  it('fetches its head after a welcome that is not resumed, and when the server says so', () => {
    head([]);
    signaling.live('me', 'resumed');
    expect(requests.length).toBe(0);
    signaling.live('me', 'new');
    signaling.frames.next({ type: 'calls.changed', n: 1 });
    expect(requests).toEqual(['/api/calls?limit=50', '/api/calls?limit=50']);
  });

  it('counts what was missed until it is seen, here or on another device', async () => {
    head([entry(3), entry(2)], { missed: 1, seen: 2 });
    await log.refresh();
    TestBed.tick();
    expect(TestBed.inject(Badges).calls()).toBe(1);
    expect(log.in(anId('with mira')).map(one => log.isNew(one))).toEqual([true, false]);
    await log.see();
    expect([log.missed(), requests.at(-1)]).toEqual([0, 'POST /api/calls/seen {"upTo":3}']);
  });

  it('has seen a missed call whose line was seen in a conversation, and tells the server as far as nothing is left out', async () => {
    const other = { id: anId<UserId>('other'), username: 'jonas', displayName: 'Jonas Weber' };
    head([entry(4), entry(3, { others: [other], conversationId: anId('with jonas') }), entry(2)], {
      missed: 3,
      seen: 1,
    });
    await log.refresh();
    TestBed.tick();
    requests.length = 0;
    await log.saw([entry(4)]);
    TestBed.tick();
    expect([log.missed(), TestBed.inject(Badges).calls(), requests]).toEqual([2, 2, []]);
    await log.saw([entry(2)]);
    expect([log.missed(), requests]).toEqual([1, ['POST /api/calls/seen {"upTo":2}']]);
    // Another start of the app knows what was seen here.
    head([entry(4), entry(3, { others: [other], conversationId: anId('with jonas') }), entry(2)], {
      missed: 2,
      seen: 2,
    });
    await log.refresh();
    expect(log.missed()).toBe(1);
    expect(log.in(anId('with mira')).some(one => log.isNew(one))).toBeFalse();
    await log.saw([entry(3, { others: [other], conversationId: anId('with jonas') })]);
    expect([log.missed(), requests.at(-1)]).toEqual([0, 'POST /api/calls/seen {"upTo":4}']);
  });

  it('knows whose call was missed within a time: not one that was declined, nor of anybody else', async () => {
    const now = Date.now();
    kept = [entry(2, { at: now - 170_000 }), entry(1, { at: now - 1, reason: 'declined' })];
    await log.start();
    const [mira, jonas] = [anId<UserId>('peer'), anId<UserId>('jonas')];
    expect([log.hasMissed(mira, 180_000), log.hasMissed(mira, 160_000), log.hasMissed(jonas, 180_000)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('keeps older calls when its head moves on, and begins anew where a hole would be', async () => {
    head([entry(3), entry(2)], { next: 'older' });
    await log.refresh();
    pages.set('/api/calls?limit=50&cursor=older', { items: [entry(1)], missed: 0, seen: 0 });
    await log.older();
    expect([positions(), log.hasMore()]).toEqual([[3, 2, 1], false]);
    head([entry(4), entry(3)], { next: 'other' });
    await log.refresh();
    expect(positions()).toEqual([4, 3, 2, 1]);
    head([entry(9), entry(8)], { next: 'other' });
    await log.refresh();
    expect(positions()).toEqual([9, 8]);
    expect(kept.map(({ position }) => position)).toEqual([9, 8]);
  });

  it('tells a call that has ended meanwhile as it is now', async () => {
    head([{ ...entry(1), answeredAt: 5 }]);
    await log.refresh();
    head([entry(1, { answeredAt: 5, leftAt: 9, reason: 'hung-up' })]);
    await log.refresh();
    expect(log.find(anId('call 1'))?.reason).toBe('hung-up');
  });
});
