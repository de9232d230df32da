import fc from 'fast-check';
import type { ConversationId, MessageId } from '#protocol/ids';
import { DATA_BYTES } from '#protocol/limits';
import { anId } from '#protocol/testing/ids';
import type { Appended, NewMessage } from '../chat.ts';
import type { Store } from '../store.ts';
import { agreesWithModel, move, type Move } from './chat-model.contract.ts';
import { befriend, everyPage, newMessage, post, somebody, someFriends, times } from './people.ts';
import { runs, seeds, SLOW_MS } from './seeds.ts';
import { newId } from '../../testing/new-id.ts';

export function describeChat(store: () => Store): void {
  describe('messages', () => {
    it(
      'S1: 20 writers at once fill 1 … n without gap or duplicate, each in the order it wrote',
      async () => {
        const [ada, bob, conversation] = await someFriends(store());
        const writers = times(20, i => (i % 2 === 0 ? ada : bob));
        const seqs = await Promise.all(
          writers.map(async (writer, w) => {
            const own: number[] = [];
            for (let i = 0; i < 10; i++) own.push((await post(store(), conversation, writer, `${w}:${i}`)).seq);
            return own;
          }),
        );
        expect(seqs.flat().sort((a, b) => a - b)).toEqual(times(200, i => i + 1));
        for (const own of seqs) expect(own).toEqual([...own].sort((a, b) => a - b));
        expect(await store().lastSeq(conversation)).toBe(200);
      },
      SLOW_MS,
    );

    it('S1: other conversations count for themselves', async () => {
      const ada = await somebody(store());
      const conversations = await Promise.all(times(5, async () => befriend(store(), ada, await somebody(store()))));
      const posts = conversations.flatMap(conversation => times(10, i => post(store(), conversation, ada, `${i}`)));
      const seqs = (await Promise.all(posts)).map(({ seq }) => seq);
      expect(seqs).toEqual(times(50, i => (i % 10) + 1));
    });

    it(
      'S2: a reader that pages while 20 writers post meets each seq once, in order',
      async () => {
        const [ada, bob, conversation] = await someFriends(store());
        let writing = true;
        const writers = Promise.all(
          times(20, async w => {
            for (let i = 0; i < 15; i++) await post(store(), conversation, w % 2 ? ada : bob, `${w}:${i}`);
          }),
        ).finally(() => (writing = false));
        const met: number[] = [];
        let pages = 0;
        for (let last = false; !last; pages++) {
          last = !writing;
          const page = await store().messagesSince(conversation, ada.id, met.at(-1) ?? 0, 7);
          met.push(...page.map(({ seq }) => seq));
          last &&= page.length === 0;
          await new Promise(setImmediate);
        }
        await writers;
        expect(met).toEqual(times(300, i => i + 1));
        expect(pages).toBeGreaterThan(43);
      },
      SLOW_MS,
    );

    it('S3: the same key twice, or 20 times at once, has one place and the data of the first', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const message = newMessage(conversation, ada, 'once', { at: 3_000 });
      const answers = await Promise.all(times(20, i => store().appendMessage({ ...message, at: 3_000 + i })));
      expect(answers.filter(({ kind }) => kind === 'appended').length).toBe(1);
      const first = answers.find(({ kind }) => kind === 'appended')!;
      for (const answer of answers) expect({ ...answer, kind: 'appended' } as Appended).toEqual(first);
      const again = await store().appendMessage({ ...message, data: 'other' });
      expect(again).toEqual({ ...first, kind: 'duplicate' } as Appended);
      expect(await store().lastSeq(conversation)).toBe(1);
      const kept = await store().messagesSince(conversation, bob.id, 0, 10);
      expect(kept.map(one => 'data' in one && one.data)).toEqual(['once']);
    });

    it('S3: any text that a frame can carry is answered with as it was posted, and posted again it is the same', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const odd = [
        '\u0000',
        'a\u0000b',
        '\u0001\u001f\u007f\u0085',
        '\u2028\u202e',
        '\ufdd0\uffff',
        '\u{1f469}\u200d\u{1f4bb}',
      ];
      const texts = [
        ...odd,
        '\u{e0041}\u{10ffff}\u{40000}',
        '\u0378',
        'e\u0301 \u00e9',
        '\ufeff ',
        '$&{{x}}%s',
        'x'.repeat(DATA_BYTES),
      ];
      const messages = texts.map(data => newMessage(conversation, ada, data));
      for (const message of messages) expect((await store().appendMessage(message)).kind).toBe('appended');
      for (const message of messages) expect((await store().appendMessage(message)).kind).toBe('duplicate');
      const read = await store().messagesSince(conversation, bob.id, 0, 100);
      expect(read.map(message => 'data' in message && message.data)).toEqual(texts);
    });

    it("S4: two senders' equal ids are two messages, and so are one sender's in two conversations", async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const other = await befriend(store(), ada, await somebody(store()));
      const id = newId<MessageId>();
      const answers = [
        await post(store(), conversation, ada, 'mine', { id }),
        await post(store(), conversation, bob, 'his', { id }),
        await post(store(), other, ada, 'elsewhere', { id }),
      ];
      expect(answers.map(({ seq }) => seq)).toEqual([1, 2, 1]);
    });

    it('S5: a withheld message has its place for everybody and its content for all but one', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await post(store(), conversation, ada, 'before', { at: 70_000 });
      await post(store(), conversation, ada, 'secret', { at: 80_000, withheldFrom: [bob.id] });
      const withheld = { conversationId: conversation, seq: 2, withheld: true };
      expect((await store().messagesSince(conversation, bob.id, 1, 10)) as unknown[]).toEqual([withheld]);
      expect((await store().messagesBefore(conversation, bob.id, 3, 1)) as unknown[]).toEqual([withheld]);
      expect(await store().messagesSince(conversation, ada.id, 1, 10)).toEqual([
        jasmine.objectContaining({ seq: 2, data: 'secret' }),
      ]);
      const page = await store().conversationsOf(bob.id, undefined, 1);
      expect(page).toEqual({ items: [jasmine.objectContaining({ lastSeq: 2, unread: 1, activeAt: 70_000 })] });
      expect(page !== 'bad-cursor' && page.items[0]?.last?.data).toBe('before');
    });

    it('S5: the newest messages of several conversations are those of each, for members alone', async () => {
      const [ada, bob, full] = await someFriends(store());
      const empty = await befriend(store(), ada, await somebody(store()));
      const short = await befriend(store(), ada, await somebody(store()));
      const foreign = await befriend(store(), bob, await somebody(store()));
      for (let i = 1; i <= 5; i++) await post(store(), full, bob, `${i}`, i === 4 ? { withheldFrom: [ada.id] } : {});
      await post(store(), short, ada, 'alone');
      await post(store(), foreign, bob, 'private');
      const ids = [short, foreign, full, anId<ConversationId>('unknown'), empty];
      const newest = await store().newestMessages(ids, ada.id, 3);
      const each = await Promise.all(ids.map(id => store().messagesBefore(id, ada.id, Number.MAX_SAFE_INTEGER, 3)));
      expect(newest).toEqual(each);
      expect(newest.map(messages => messages.map(({ seq }) => seq))).toEqual([[1], [], [3, 4, 5], [], []]);
    });

    it('rejects a post of a person who is no member, and shows them nothing', async () => {
      const [ada, , conversation] = await someFriends(store());
      const eve = await somebody(store());
      await post(store(), conversation, ada, 'private');
      await expectAsync(store().appendMessage(newMessage(conversation, eve, 'me too'))).toBeRejected();
      await expectAsync(store().mark(conversation, eve.id, { read: 1 })).toBeRejected();
      expect(await store().messagesSince(conversation, eve.id, 0, 10)).toEqual([]);
      expect(await store().messagesBefore(conversation, eve.id, 9, 10)).toEqual([]);
      expect(await store().lastSeq(conversation)).toBe(1);
    });

    it('S60: a post that was decided under an older revision is not written; one that is there already is answered', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const revision = async () => (await store().conversation(conversation))?.revision;
      const before = (await revision()) ?? NaN;
      const first = newMessage(conversation, ada, 'first', { revision: before });
      expect((await store().appendMessage(first)).kind).toBe('appended');
      await store().block(bob.id, ada.id, 5_000);
      expect(await revision()).toBe(before + 1);
      expect(await store().appendMessage(newMessage(conversation, ada, 'late', { revision: before }))).toEqual({
        kind: 'moved',
      });
      expect((await store().appendMessage(first)).kind).toBe('duplicate');
      expect(await store().lastSeq(conversation)).toBe(1);
      await store().unblock(bob.id, ada.id);
      await store().removeContact(ada.id, bob.id);
      expect(await revision()).toBe(before + 3);
      // What changes nothing leaves the revision.
      await store().unblock(bob.id, ada.id);
      expect(await revision()).toBe(before + 3);
    });

    it('S61: what does not count is neither unread nor the last line of a list', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await post(store(), conversation, ada, 'message', { at: 70_000 });
      await post(store(), conversation, ada, 'reaction', { at: 80_000, counts: false });
      const page = await store().conversationsOf(bob.id, undefined, 1);
      expect(page).toEqual({ items: [jasmine.objectContaining({ lastSeq: 2, unread: 1, activeAt: 70_000 })] });
      expect(page !== 'bad-cursor' && page.items[0]?.last?.data).toBe('message');
      expect((await store().messagesSince(conversation, bob.id, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2]);
    });

    it('S63: a retracted message keeps its place and its key, and nothing else', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await post(store(), conversation, ada, 'stays', { at: 70_000 });
      const message = newMessage(conversation, ada, 'goes', { at: 80_000 });
      await store().appendMessage(message);
      const key = { conversationId: conversation, authorId: ada.id, id: message.id };
      expect(await store().retractMessage({ ...key, authorId: bob.id })).toBeNull();
      const place = {
        conversationId: conversation,
        seq: 2,
        id: message.id,
        author: message.author,
        at: 80_000,
        retracted: true as const,
      };
      expect(await store().retractMessage(key)).toEqual({ message: place, withheldFrom: [], isNew: true });
      expect(await store().retractMessage(key)).toEqual({ message: place, withheldFrom: [], isNew: false });
      for (const reader of [ada, bob])
        expect(await store().messagesSince(conversation, reader.id, 1, 10)).toEqual([place]);
      const page = await store().conversationsOf(bob.id, undefined, 1);
      expect(page).toEqual({ items: [jasmine.objectContaining({ lastSeq: 2, unread: 1, activeAt: 70_000 })] });
      expect(await store().appendMessage(message)).toEqual({ kind: 'duplicate', seq: 2, at: 80_000 });
      expect(await store().messagesBefore(conversation, bob.id, 3, 1)).toEqual([place]);
    });

    it('S63: to whom it was withheld a retracted message stays an empty place', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const message = newMessage(conversation, ada, 'secret', { withheldFrom: [bob.id] });
      await store().appendMessage(message);
      const key = { conversationId: conversation, authorId: ada.id, id: message.id };
      expect((await store().retractMessage(key))?.withheldFrom).toEqual([bob.id]);
      const withheld = { conversationId: conversation, seq: 1, withheld: true } as const;
      expect(await store().messagesSince(conversation, bob.id, 0, 10)).toEqual([withheld]);
      expect(await store().retractedSince(conversation, bob.id, 0, 10)).toEqual({ items: [], upTo: 0 });
      const [own, others] = await Promise.all(
        [ada, bob].map(reader => everyPage(cursor => store().conversationsOf(reader.id, cursor, 1))),
      );
      expect([own?.[0]?.retractions, others?.[0]?.retractions]).toEqual([1, 0]);
    });

    it('S66: retractions are numbered without a gap, however many are made at once, and told in that order', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const messages = times(12, i => newMessage(conversation, ada, `${i}`, i % 4 === 0 ? { expiresAt: 5_000 } : {}));
      for (const message of messages) await store().appendMessage(message);
      const keyOf = ({ id }: NewMessage) => ({ conversationId: conversation, authorId: ada.id, id });
      const asked = messages.filter((_, i) => i % 4 === 1 || i % 4 === 2).map(keyOf);
      const answers = await Promise.all([
        ...[...asked, ...asked].map(key => store().retractMessage(key)),
        store().forgetExpired(5_000),
      ]);
      expect(answers.flat().filter(answer => answer?.isNew).length).toBe(9);
      const [row] = await everyPage(cursor => store().conversationsOf(bob.id, cursor, 1));
      expect(row?.retractions).toBe(9);
      const places: number[] = [];
      for (let after = 0; after < 9;) {
        const { items, upTo } = await store().retractedSince(conversation, bob.id, after, 4);
        expect(upTo).toBe(Math.min(after + 4, 9));
        places.push(...items.map(({ seq }) => seq));
        after = upTo;
      }
      expect(places.sort((a, b) => a - b)).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11]);
      expect(await store().retractedSince(conversation, bob.id, 9, 4)).toEqual({ items: [], upTo: 9 });
      expect((await store().retractedSince(conversation, newId(), 0, 4)).items).toEqual([]);
    });

    it('S64: what has expired is forgotten, and nothing else', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await post(store(), conversation, ada, 'for a while', { expiresAt: 5_000 });
      await post(store(), conversation, ada, 'for longer', { expiresAt: 6_000 });
      await post(store(), conversation, ada, 'for good');
      const shown = async () =>
        (await store().messagesSince(conversation, bob.id, 0, 10)).map(one => ('data' in one ? one.data : null));
      expect(await store().forgetExpired(4_999)).toEqual([]);
      expect(await shown()).toEqual(['for a while', 'for longer', 'for good']);
      const [forgotten] = await store().forgetExpired(5_000);
      expect(forgotten).toEqual(jasmine.objectContaining({ isNew: true, withheldFrom: [] }));
      expect(forgotten?.message.seq).toBe(1);
      expect(await shown()).toEqual([null, 'for longer', 'for good']);
      expect(await store().forgetExpired(5_000)).toEqual([]);
    });

    it('S6: marks grow from many places at once, are cut to the last seq, and read implies received', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      await Promise.all(times(10, i => post(store(), conversation, ada, `${i}`)));
      await Promise.all(times(10, i => store().mark(conversation, bob.id, { received: 10 - i, read: 7 - i })));
      expect(await store().mark(conversation, bob.id, { read: 3 })).toEqual({
        marks: { userId: bob.id, received: 10, read: 7 },
        grew: false,
      });
      expect(await store().mark(conversation, bob.id, { read: 1e12 })).toEqual({
        marks: { userId: bob.id, received: 10, read: 10 },
        grew: true,
      });
      expect((await store().mark(conversation, ada.id, { received: -5 })).marks.received).toBe(0);
    });

    for (const seed of seeds()) {
      it(
        `S1: agrees with the model of a conversation, S3 to S6 with it (seed ${seed})`,
        async () => {
          await fc.assert(
            fc.asyncProperty(fc.array(move, { maxLength: 30, size: 'max' }), moves => agreesWithModel(store(), moves)),
            runs<[Move[]]>(seed, 30),
          );
          expect().nothing();
        },
        SLOW_MS,
      );
    }
  });
}
