import type { ConversationId, MessageId } from '#protocol/ids';
import type { Store } from '../store.ts';
import { StoreError } from '../store-error.ts';
import type { Filling, FillOptions, Kept, Reading } from '../transfer.ts';
import { befriend, everyPage, newMessage, post, ringing, somebody, someFriends, times, type Person } from './people.ts';
import { SLOW_MS } from './seeds.ts';
import { newDehydrated, newDeviceKeys, newDeviceList, newIdentity, newOneTimeKeys } from '../../testing/key-objects.ts';
import { shownTo, sorted, village } from './village.ts';
import { newId } from '../../testing/new-id.ts';

/** Where a store is or will be: opened by one at a time, and read beside. */
export type Place = {
  open(): Promise<Store>;
  read(): Promise<Reading>;
  fill(options: FillOptions): Promise<Filling>;
  dispose(): Promise<void>;
};

const faultOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof StoreError ? error.fault : String(error)),
  );

/** Makes two friends in a store that is closed again; answers with one of them. */
export async function somebodyIn(place: Place): Promise<Person> {
  const store = await place.open();
  const [ada] = await someFriends(store);
  await store.close();
  return ada;
}

export async function everythingIn(place: Place): Promise<Kept[]> {
  const reading = await place.read();
  const entries: Kept[] = [];
  for await (const entry of reading.everything()) entries.push(entry);
  await reading.close();
  return entries;
}

async function fillWith(place: Place, entries: Iterable<Kept>, replace = false): Promise<void> {
  const filling = await place.fill({ replace });
  try {
    for (const entry of entries) await filling.add(entry);
    await filling.finish();
  } finally {
    await filling.close();
  }
}

/** Resolves with how long a conversation is once it is at least this long. */
async function grown(store: Store, id: ConversationId, least: number): Promise<number> {
  for (;;) {
    const seq = await store.lastSeq(id);
    if (seq >= least) return seq;
    await new Promise(resolve => setImmediate(resolve));
  }
}

/**
 * S50 to S54 as specs.
 * @param place makes an empty one
 */
export function describeTransfer(name: string, place: () => Promise<Place>): void {
  describe(name, () => {
    let [source, target]: (Place | undefined)[] = [];
    const places = () => {
      if (!source || !target) throw new Error('no places');
      return { source, target };
    };
    beforeEach(async () => {
      [source, target] = await Promise.all([place(), place()]);
    });
    afterEach(() => Promise.all([source?.dispose(), target?.dispose()]));

    it(
      'S51: a conversation, a call log and a session go on where they were',
      async () => {
        const { source: one, target: other } = places();
        const before = await one.open();
        const [ada, bob, conversation] = await someFriends(before);
        const own = { id: newId<MessageId>(), at: 3_500 };
        for (let i = 0; i < 3; i++) await post(before, conversation, ada, `${i}`);
        await post(before, conversation, ada, 'again', own);
        await before.mark(conversation, bob.id, { read: 2 });
        await before.recordCall(ringing(ada, bob));
        await before.close();
        await fillWith(other, await everythingIn(one));
        const store = await other.open();
        expect(await post(store, conversation, ada, 'again', own)).toEqual(jasmine.objectContaining({ seq: 4 }));
        expect(await post(store, conversation, bob, 'next')).toEqual(jasmine.objectContaining({ seq: 5 }));
        expect((await store.mark(conversation, bob.id, { read: 99 })).marks.read).toBe(5);
        expect(await store.liveCalls()).toEqual([]);
        const [lost] = await everyPage(cursor => store.callsOf(ada.id, cursor, 10));
        expect(lost?.state).toBe('ended');
        expect(lost?.parties.map(({ reason }) => reason)).toEqual(['connection-lost', 'missed']);
        expect(await store.recordCall(ringing(bob, ada))).toBe('recorded');
        const asked = { deviceId: ada.device, tokenHash: ada.token, successorHash: 'next', at: 9_000 };
        const limits = { graceMs: 1_000, idleMs: 1e9, absoluteMs: 1e9 };
        expect(await store.rotateRefreshToken({ ...asked, ...limits })).toEqual({ kind: 'rotated', gen: 2 });
        await store.close();
      },
      SLOW_MS,
    );

    it(
      'S51: what devices have published and sealed goes along, and nothing that another epoch would use twice',
      async () => {
        const { source: one, target: other } = places();
        const before = await one.open();
        const [ada] = await someFriends(before);
        const keys = newDeviceKeys(ada.id, ada.device);
        const identity = newIdentity(ada.id);
        await before.changeKeyring('putDeviceKeys', ada.id, { id: ada.device, keys });
        await before.changeKeyring('putIdentity', ada.id, { user: ada.id, keys: identity, replace: false });
        const list = newDeviceList(ada.id, 3, [ada.device]);
        await before.changeKeyring('putDeviceList', ada.id, { user: ada.id, list });
        await before.changeKeyring('putSecrets', ada.id, { number: 1, sealed: { by: 'a key' } });
        await before.changeKeyring('putDehydrated', ada.id, { device: newDehydrated(ada.id), replaces: null });
        const own = { userId: ada.id, deviceId: ada.device };
        await before.putOneTimeKeys(own, { one_time_keys: newOneTimeKeys(ada.id, ada.device, 2) }, 4_000);
        const events = [{ ...own, content: '{}' }];
        await before.sendToDevice({ from: own, txn: 'txn', type: 'type', events, at: 4_000 });
        const version = newId();
        await before.addBackup(ada.id, { version, about: { algorithm: 'a' } }, 4_000);
        const record = { conversationId: newId<ConversationId>(), session: 's', index: 0, sealed: 'x' };
        for (const number of [1, 2])
          await before.addBatch(ada.id, version, { number, manifest: { number }, records: [record] });
        const backups = await before.backupsOf(ada.id);
        await before.close();
        await fillWith(other, await everythingIn(one));
        const store = await other.open();
        const [row] = await store.keyrings([ada.id]);
        expect(row?.ring.devices).toEqual([{ id: ada.device, keys }]);
        expect(row?.ring.identity?.master).toEqual(identity.master_key);
        expect(row?.ring.list).toEqual({ ...list, number: 3 });
        expect(row?.ring.dehydrated).toEqual([]);
        expect(await store.secretsOf(ada.id)).toEqual({ number: 1, sealed: { by: 'a key' } });
        expect(await store.backupsOf(ada.id)).toEqual(backups);
        expect(await store.addBatch(ada.id, version, { number: 3, manifest: {}, records: [] })).toBe('added');
        expect(await store.keyState(own)).toEqual({ oneTime: 0, unusedFallback: [], changes: 0, inbox: 0 });
        await store.close();
      },
      SLOW_MS,
    );

    it(
      'S64: a message that is retracted already does not expire, whatever a record says',
      async () => {
        const { source: one, target: other } = places();
        const before = await one.open();
        const [ada, , conversation] = await someFriends(before);
        const id = newId<MessageId>();
        await post(before, conversation, ada, 'gone', { id, at: 3_001 });
        await before.retractMessage({ conversationId: conversation, authorId: ada.id, id });
        await before.close();
        const kept = await everythingIn(one);
        await fillWith(
          other,
          kept.map(entry => (entry.kind === 'message' ? { ...entry, expiresAt: 4_000 } : entry)),
        );
        const store = await other.open();
        expect(await store.forgetExpired(5_000)).toEqual([]);
        await store.close();
      },
      SLOW_MS,
    );

    it(
      'S65: a member reads what stands at their places, and nothing else is paged, listed or counted for them',
      async () => {
        const { source: one, target: other } = places();
        const before = await one.open();
        const [ada, bob, conversation] = await someFriends(before);
        const posts = times(9, i => newMessage(conversation, ada, `${i + 1}`, { at: 3_001 + i }));
        for (const message of posts) await before.appendMessage(message);
        const messages = [posts[0], posts[4], posts[8]].flatMap(one => one ?? []);
        await before.mark(conversation, bob.id, { read: 1 });
        await before.close();
        await fillWith(other, withPlaces(await everythingIn(one), bob, 3, 6));
        const store = await other.open();
        const paged = async (reader: Person) => [
          await store.messagesSince(conversation, reader.id, 0, 100),
          await store.messagesSince(conversation, reader.id, 4, 100),
          await store.messagesSince(conversation, reader.id, 6, 100),
          await store.messagesSince(conversation, reader.id, 0, 2),
          await store.messagesBefore(conversation, reader.id, 100, 2),
          await store.messagesBefore(conversation, reader.id, 3, 100),
          ...(await store.newestMessages([conversation], reader.id, 3)),
        ];
        const seqs = async (reader: Person) => (await paged(reader)).map(page => page.map(({ seq }) => seq));
        expect(await seqs(bob)).toEqual([[3, 4, 5, 6], [5, 6], [], [3, 4], [5, 6], [], [4, 5, 6]]);
        const all = times(9, i => i + 1);
        expect(await seqs(ada)).toEqual([all, all.slice(4), all.slice(6), [1, 2], [8, 9], [1, 2], [7, 8, 9]]);
        const [row] = await everyPage(cursor => store.conversationsOf(bob.id, cursor, 5));
        expect(row).toEqual(jasmine.objectContaining({ unread: 4, activeAt: 3_006, lastSeq: 9 }));
        expect(row?.last?.data).toBe('6');
        for (const id of messages.map(message => message.id))
          await store.retractMessage({ conversationId: conversation, authorId: ada.id, id });
        const { items, upTo } = await store.retractedSince(conversation, bob.id, 0, 100);
        expect([items.map(({ seq }) => seq), upTo]).toEqual([[5], 2]);
        const [told] = await everyPage(cursor => store.conversationsOf(bob.id, cursor, 5));
        expect(told).toEqual(jasmine.objectContaining({ unread: 3, retractions: 2 }));
        await store.mark(conversation, bob.id, { read: 5 });
        const [read] = await everyPage(cursor => store.conversationsOf(bob.id, cursor, 5));
        expect(read?.unread).toBe(1);
        const [whole] = await everyPage(cursor => store.conversationsOf(ada.id, cursor, 5));
        expect(whole).toEqual(jasmine.objectContaining({ unread: 0, activeAt: 3_008, retractions: 3 }));
        await store.close();
      },
      SLOW_MS,
    );

    it(
      'S50: what is read while everybody writes is a beginning of each conversation, and marks within it',
      async () => {
        const { source: one, target: other } = places();
        const before = await one.open();
        const rooms = await Promise.all(times(4, () => someFriends(before)));
        let isWriting = true;
        const writers = rooms.map(async ([ada, bob, conversation]) => {
          for (let i = 0; isWriting; i++) {
            const { seq } = await post(before, conversation, ada, `${i}`);
            await before.mark(conversation, bob.id, { read: seq });
            await befriend(before, bob, await somebody(before));
          }
        });
        const least = await Promise.all(rooms.map(([, , id]) => grown(before, id, 20)));
        try {
          // Whatever does not belong together would be refused.
          await fillWith(other, await everythingIn(one));
        } finally {
          isWriting = false;
          await Promise.all(writers);
        }
        const after = await other.open();
        for (const [i, [ada, bob, conversation]] of rooms.entries()) {
          const last = await after.lastSeq(conversation);
          expect(last).toBeGreaterThanOrEqual(least[i] ?? Infinity);
          const [row] = await everyPage(cursor => after.conversationsOf(ada.id, cursor, 500));
          const read = row?.marks.find(({ userId }) => userId === bob.id)?.read;
          expect(read).toBeLessThanOrEqual(last);
        }
        await Promise.all([before.close(), after.close()]);
      },
      SLOW_MS,
    );

    it(
      'S52: until it is finished nothing has changed, and what was not finished leaves no trace',
      async () => {
        const { source: one, target: other } = places();
        const store = await one.open();
        await village(store);
        await store.close();
        const entries = await everythingIn(one);
        const present = await other.open();
        const [ada] = await someFriends(present);
        const identity = await present.installation();
        await present.close();
        const filling = await other.fill({ replace: true });
        for (const entry of entries) await filling.add(entry);
        await filling.close();
        await filling.close();
        const after = await other.open();
        expect(await after.installation()).toEqual(identity);
        expect(await after.userById(ada.id)).not.toBeNull();
        await after.close();
      },
      SLOW_MS,
    );

    it(
      'S53: accounts that are there go only where somebody says so',
      async () => {
        const { source: one, target: other } = places();
        const ada = await somebodyIn(one);
        const entries = await everythingIn(one);
        const eve = await somebodyIn(other);
        expect(await faultOf(other.fill({ replace: false }))).toBe('not-empty');
        await fillWith(other, entries, true);
        const after = await other.open();
        expect(await after.userById(eve.id)).toBeNull();
        expect(await after.userById(ada.id)).not.toBeNull();
        await after.close();
      },
      SLOW_MS,
    );

    it(
      'S54: what is there twice is refused, and nothing is left of it',
      async () => {
        const { source: one, target: other } = places();
        const store = await one.open();
        const [ada, , conversation] = await someFriends(store);
        await post(store, conversation, ada, 'once');
        await store.close();
        const entries = await everythingIn(one);
        expect(await faultOf(fillWith(other, twice(entries, 'user')))).toBe('misfit');
        expect(await faultOf(fillWith(other, twice(entries, 'message')))).toBe('misfit');
        const untouched = await other.open();
        expect(await untouched.userById(ada.id)).toBeNull();
        await untouched.close();
      },
      SLOW_MS,
    );
  });
}

/** With the places of one member of each conversation set. */
const withPlaces = (entries: readonly Kept[], { id }: Person, from: number, to: number | null): Kept[] =>
  entries.map(entry => {
    if (entry.kind !== 'pair') return entry;
    const members = entry.members.map(member => (member.user === id ? { ...member, from, to } : member));
    return { ...entry, members };
  });

/** With the first of a kind there once more, at the next place where it has one. */
const twice = (entries: readonly Kept[], kind: Kept['kind']): Kept[] =>
  entries.flatMap(entry => {
    if (entry.kind !== kind) return [entry];
    return [entry, entry.kind === 'message' ? { ...entry, seq: entry.seq + 1 } : entry];
  });

/** S51 between two engines. */
export function describeCrossing(name: string, from: () => Promise<Place>, to: () => Promise<Place>): void {
  describe(name, () => {
    let [source, target]: (Place | undefined)[] = [];
    beforeEach(async () => {
      [source, target] = await Promise.all([from(), to()]);
    });
    afterEach(() => Promise.all([source?.dispose(), target?.dispose()]));

    it(
      'S51: what was read out of one store and put into another reads out the same, and is shown the same',
      async () => {
        if (!source || !target) throw new Error('no places');
        const before = await source.open();
        const people = await village(before);
        const shown = await shownTo(before, people);
        const entries = await everythingIn(source);
        await fillWith(target, entries);
        expect(sorted(await everythingIn(target))).toEqual(sorted(entries));
        const after = await target.open();
        expect(await shownTo(after, people)).toEqual(shown);
        const { id } = await before.installation();
        expect((await after.installation()).id).toBe(id);
        expect((await after.installation()).epoch).not.toBe((await before.installation()).epoch);
        await Promise.all([before.close(), after.close()]);
      },
      SLOW_MS,
    );
  });
}
