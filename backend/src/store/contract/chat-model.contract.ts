import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ConversationId, MessageId } from '#protocol/ids';
import type { Store } from '../store.ts';
import { post, someFriends, times, type Person } from './people.ts';
import { newId } from '../../testing/new-id.ts';

/** Who of the two does it is 0 or 1; `id` and `data` are drawn from few, so that they meet again. */
export type Move =
  | { kind: 'post'; who: number; id: number; data: string; withheld: boolean; counts: boolean }
  | { kind: 'mark'; who: number; received: number; read: number }
  | { kind: 'read'; who: number; from: number; limit: number };

const who = fc.constantFrom(0, 1);
const place = fc.integer({ min: -1, max: 15 });
export const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      who,
      id: fc.nat(9),
      data: fc.constantFrom('a', 'a', 'b'),
      withheld: fc.boolean(),
      counts: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mark' as const), who, received: place, read: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      who,
      from: place,
      limit: fc.integer({ min: -1, max: 5 }),
    }),
  },
);

type Kept = { who: number; id: number; data: string; withheld: boolean; counts: boolean };

/** What a conversation of two is, in an array and four numbers. */
class Conversation {
  readonly messages: Kept[] = [];
  readonly marks = times(2, () => ({ received: 0, read: 0 }));

  post({ who, id, data, withheld, counts }: Kept): { kind: string; seq: number } {
    const seq = this.messages.findIndex(kept => kept.who === who && kept.id === id) + 1;
    if (seq > 0) return { kind: 'duplicate', seq };
    this.messages.push({ who, id, data, withheld, counts });
    return { kind: 'appended', seq: this.messages.length };
  }

  mark(who: number, received: number, read: number): { received: number; read: number } {
    const own = this.marks[who]!;
    const last = this.messages.length;
    own.read = Math.max(own.read, Math.min(read, last));
    own.received = Math.max(own.received, own.read, Math.min(received, last));
    return own;
  }

  /** The data at each place from 1, null where it is withheld from this reader. */
  seenBy(reader: number): (string | null)[] {
    return this.messages.map(kept => (kept.withheld && kept.who !== reader ? null : kept.data));
  }

  /** The place of the last that counts and is not withheld from this reader, 0 where there is none. */
  last(reader: number): number {
    return this.messages.findLastIndex(kept => kept.counts && (!kept.withheld || kept.who === reader)) + 1;
  }

  unread(reader: number): number {
    const above = this.messages.slice(this.marks[reader]!.read);
    return above.filter(kept => kept.counts && kept.who !== reader && !kept.withheld).length;
  }
}

/** Makes the same moves in the store and in the model; each answer and each view must agree. */
export async function agreesWithModel(store: Store, moves: Move[]): Promise<void> {
  const [ada, bob, conversation] = await someFriends(store);
  const people: Person[] = [ada, bob];
  const ids = times(10, () => newId<MessageId>());
  const model = new Conversation();
  for (const move of moves) {
    const me = people[move.who]!;
    switch (move.kind) {
      case 'post': {
        const withheldFrom = move.withheld ? [people[1 - move.who]!.id] : [];
        const { counts } = move;
        const { kind, seq } = await post(store, conversation, me, move.data, {
          id: ids[move.id]!,
          withheldFrom,
          counts,
        });
        assert.deepEqual({ kind, seq }, model.post(move));
        break;
      }
      case 'mark': {
        const { marks } = await store.mark(conversation, me.id, { received: move.received, read: move.read });
        assert.deepEqual(marks, { userId: me.id, ...model.mark(move.who, move.received, move.read) });
        break;
      }
      case 'read':
        await agreesOnPages(store, conversation, me, model.seenBy(move.who), move);
    }
    await agreesOnList(store, people, model);
  }
}

type View = { from: number; limit: number };

async function agreesOnPages(
  store: Store,
  conversation: ConversationId,
  me: Person,
  seen: (string | null)[],
  { from, limit }: View,
): Promise<void> {
  const most = Math.max(1, limit);
  const shown = (page: Awaited<ReturnType<Store['messagesSince']>>) =>
    page.map(message => [message.seq, 'data' in message ? message.data : null]);
  const places = seen.map((data, i) => [i + 1, data] as [number, string | null]);
  const since = shown(await store.messagesSince(conversation, me.id, from, limit));
  assert.deepEqual(since, places.filter(([seq]) => seq > from).slice(0, most));
  const before = shown(await store.messagesBefore(conversation, me.id, from, limit));
  assert.deepEqual(before, places.filter(([seq]) => seq < from).slice(-most));
}

async function agreesOnList(store: Store, people: Person[], model: Conversation): Promise<void> {
  for (const [who, me] of people.entries()) {
    const page = await store.conversationsOf(me.id, undefined, 5);
    if (page === 'bad-cursor') throw new Error(page);
    const { lastSeq, unread, last } = page.items[0]!;
    assert.deepEqual(
      { lastSeq, unread, last: last?.seq ?? 0 },
      {
        lastSeq: model.messages.length,
        unread: model.unread(who),
        last: model.last(who),
      },
    );
  }
}
