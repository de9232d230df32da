import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { ConversationId, MessageId, UserId } from '#protocol/ids';
import { specDatabase, suiteOnMongo, type SpecDatabase } from '../../testing/mongo.ts';
import { newcomer } from '../contract/invitations.contract.ts';
import { newDevice, newMessage, ringing, somebody, someFriends, times } from '../contract/people.ts';
import { runs, seeds, SLOW_MS } from '../contract/seeds.ts';
import { openMongoStore } from './mongo-store.ts';
import type { Claimed } from '../keys.ts';
import type { Store } from '../store.ts';
import { newOneTimeKeys } from '../../testing/key-objects.ts';
import { newId } from '../../testing/new-id.ts';

const PROCESSES = 3;

type Post = { process: number; who: number; id: number; withheld: boolean };
const post: fc.Arbitrary<Post> = fc.record({
  process: fc.nat(PROCESSES - 1),
  who: fc.nat(1),
  id: fc.nat(30),
  withheld: fc.boolean(),
});

suiteOnMongo('Several processes on one MongoDB', () => {
  let database: SpecDatabase;
  let stores: Store[];
  beforeAll(async () => {
    database = await specDatabase();
    // At the same time, as when a machine starts.
    stores = await Promise.all(times(PROCESSES, () => openMongoStore(database.url)));
  });
  afterAll(async () => {
    await Promise.all(stores.map(store => store.close()));
    await database.drop();
  });
  const at = (process: number): Store => {
    const store = stores[process % PROCESSES];
    if (!store) throw new Error('no such process');
    return store;
  };

  it('have one identity', async () => {
    const known = await Promise.all(stores.map(store => store.installation()));
    expect(new Set(known.map(({ id }) => id)).size).toBe(1);
  });

  for (const seed of seeds()) {
    it(
      `S1: fill a conversation without gap or duplicate, S3 and S6 with it (seed ${seed})`,
      async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(post, { minLength: 10, maxLength: 60, size: 'max' }), posts => agree(posts)),
          runs<[Post[]]>(seed, 5),
        );
        expect().nothing();
      },
      SLOW_MS,
    );
  }

  async function agree(posts: Post[]): Promise<void> {
    const [ada, bob, conversation] = await someFriends(at(0));
    const people = [ada, bob];
    const ids = times(31, () => newId<MessageId>());
    const answers = await Promise.all(
      posts.map(async ({ process, who, id, withheld }) => {
        const [me = ada, other = bob] = who === 0 ? people : [bob, ada];
        const changes = { id: ids[id]!, withheldFrom: withheld ? [other.id] : [] };
        return at(process).appendMessage(newMessage(conversation, me, `${who} ${id}`, changes));
      }),
    );
    const places = new Map<string, number>();
    answers.forEach((answer, i) => {
      if (answer.kind === 'moved') throw new Error('nothing has changed');
      const key = `${posts[i]?.who ?? ''} ${posts[i]?.id ?? ''}`;
      if ((places.get(key) ?? answer.seq) !== answer.seq) throw new Error(`${key} has two places`);
      places.set(key, answer.seq);
    });
    const taken = [...places.values()].sort((a, b) => a - b);
    if (taken.some((seq, i) => seq !== i + 1)) throw new Error(`places ${taken.join()}`);
    const appended = answers.filter(({ kind }) => kind === 'appended');
    if (appended.length !== taken.length) throw new Error('a place was given twice, or to nobody');
    await unreadIsCounted(conversation, bob.id, taken.length);
  }

  async function unreadIsCounted(conversation: ConversationId, reader: UserId, last: number): Promise<void> {
    const shown = await at(1).messagesSince(conversation, reader, 0, 100);
    const news = shown.filter(message => 'data' in message && message.author.userId !== reader).length;
    const unread = async (process: number) => {
      const page = await at(process).conversationsOf(reader, undefined, 1);
      return page === 'bad-cursor' ? NaN : page.items[0]?.unread;
    };
    if ((await unread(2)) !== news) throw new Error('unread does not fit what is shown');
    // Marks raised at the same time from everywhere end at the highest.
    await Promise.all(times(PROCESSES, i => at(i).mark(conversation, reader, { read: Math.max(1, last - i) })));
    if ((await unread(0)) !== 0) throw new Error('a mark was lost');
  }

  it('S11: give a name once', async () => {
    const { user } = newcomer();
    const answers = await Promise.all(
      times(9, i => {
        const id = newId<UserId>();
        return at(i).createUser({ ...user, id }, newDevice(id));
      }),
    );
    expect(answers.filter(answer => answer === 'created').length).toBe(1);
  });

  it('S9: rotate a token once, and all meet the same successor', async () => {
    const ada = await somebody(at(0));
    const rotation = { deviceId: ada.device, tokenHash: ada.token, successorHash: randomUUID(), at: 2_000 };
    const limits = { graceMs: 1_000, idleMs: 1e9, absoluteMs: 1e9 };
    const met = await Promise.all(times(15, i => at(i).rotateRefreshToken({ ...rotation, ...limits })));
    expect(met).toEqual(times(15, () => ({ kind: 'rotated', gen: 2 }) as const));
  });

  it('S7, S8: make contacts of crossing requests and accepts, with one conversation', async () => {
    const pairs = await Promise.all(times(5, () => Promise.all([somebody(at(0)), somebody(at(1))])));
    await Promise.all(
      pairs.flatMap(([a, b]) => [
        at(0).requestContact(a.id, b.id, 2_000),
        at(1).requestContact(b.id, a.id, 2_000),
        at(2).acceptContact(b.id, a.id, 2_001),
      ]),
    );
    for (const [a, b] of pairs) {
      const seen = [await at(2).contact(a.id, b.id), await at(0).contact(b.id, a.id)];
      expect(seen.map(contact => contact?.state)).toEqual(['accepted', 'accepted']);
      expect(seen[0]?.conversationId).toBeTruthy();
      expect(seen[1]?.conversationId).toBe(seen[0]?.conversationId);
    }
  });

  it('S14: put nobody into two calls', async () => {
    const [ada, ...others] = await Promise.all(times(7, () => somebody(at(0))));
    if (!ada) throw new Error('nobody');
    const calls = others.map((other, i) => (i % 2 ? ringing(ada, other) : ringing(other, ada)));
    const answers = await Promise.all(calls.map((call, i) => at(i).recordCall(call)));
    expect(answers.filter(answer => answer === 'recorded').length).toBe(1);
  });

  it('S40: use an invitation as often as it allows', async () => {
    const ada = await somebody(at(0));
    const codeHash = randomUUID();
    const made = { id: randomUUID(), codeHash, inviterId: ada.id, uses: 3, createdAt: 1_000, expiresAt: 9_000 };
    await at(0).createInvitation(made, 10);
    const answers = await Promise.all(
      times(9, i => {
        const { user, device } = newcomer();
        return at(i).redeemInvitation(codeHash, user, device);
      }),
    );
    expect(answers.filter(({ kind }) => kind === 'created').length).toBe(3);
    expect((await at(1).acceptedContacts(ada.id)).length).toBe(3);
  });

  it('S71: give a one-time key once, also while an upload is repeated by all of them', async () => {
    const ada = await somebody(at(0));
    const own = { userId: ada.id, deviceId: ada.device };
    const one_time_keys = newOneTimeKeys(ada.id, ada.device, 60);
    let isUploading = true;
    const uploading = Promise.all(stores.map(store => store.putOneTimeKeys(own, { one_time_keys }, 4_000))).finally(
      () => void (isUploading = false),
    );
    const claimed: Claimed[] = [];
    for (let i = 0; isUploading; i++) claimed.push(...(await at(i).claimKeys([{ ...own, oneTime: true }], 5_000)));
    await uploading;
    claimed.push(
      ...(await at(0).claimKeys(
        times(60, () => ({ ...own, oneTime: true })),
        5_000,
      )),
    );
    const names = claimed.flatMap(one => one?.name ?? []);
    expect(names.length).toBe(60);
    expect(new Set(names).size).toBe(60);
  });
});
