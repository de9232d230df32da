import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { MongoGate } from '../../testing/mongo-gate.ts';
import { canOwn, engineKind, OwnEngine, specDatabase, suiteOnMongo } from '../../testing/mongo.ts';
import { post, someFriends, times, type Person } from '../contract/people.ts';
import { PATIENCE_MS } from './connection.ts';
import { openMongoStore } from './mongo-store.ts';
import { StoreError } from '../store-error.ts';
import type { Store } from '../store.ts';

const SLOW_MS = 60_000;
const WRITERS = 10;

suiteOnMongo('What MongoDB has acknowledged', () => {
  it('S16: was asked for in the journal, of a majority where there are several, whatever the address says', async () => {
    const { url, drop } = await specDatabase();
    const gate = await MongoGate.before(url);
    const store = await openMongoStore(`${gate.through(url)}?w=0&journal=false`);
    const [ada, bob, conversation] = await someFriends(store);
    await post(store, conversation, ada, 'hello');
    await store.mark(conversation, bob.id, { read: 1 });
    await store.deleteUser(ada.id);
    expect(new Set(gate.writes.map(({ name }) => name))).toEqual(
      new Set(['insert', 'update', 'findAndModify', 'delete']),
    );
    const { replicated } = await engineKind(url);
    for (const { name, concern } of gate.writes) {
      // A lone server that is asked for a majority does not wait for its journal.
      expect(concern)
        .withContext(name)
        .toEqual(jasmine.objectContaining({ w: replicated ? 'majority' : 1, j: true }));
    }
    await store.close();
    await gate.close();
    await drop();
  });

  it(
    'S16: waits for it once, rejects with a typed fault, then at once without asking, and goes on by itself',
    async () => {
      const { url, drop } = await specDatabase();
      const gate = await MongoGate.before(url);
      const store = await openMongoStore(gate.through(url));
      const [ada, bob, conversation] = await someFriends(store);
      await post(store, conversation, ada, 'before');
      gate.cut();
      const lost = await Promise.all(times(5, i => faultOf(post(store, conversation, ada, `lost ${i}`))));
      expect(new Set(lost)).toEqual(new Set(['unreachable']));
      expect(store.state).toBe('unreachable');
      const [since, looks] = [performance.now(), gate.turnedAway];
      for (let i = 0; i < 100; i++) {
        expect(await faultOf(post(store, conversation, ada, `lost as well ${i}`))).toBe('unreachable');
        expect(await faultOf(store.mark(conversation, bob.id, { read: 1 }))).toBe('unreachable');
        expect(await faultOf(store.conversationsOf(ada.id, undefined, 10))).toBe('unreachable');
      }
      expect(performance.now() - since).toBeLessThan(PATIENCE_MS);
      expect(gate.turnedAway - looks).toBeLessThan(10);
      gate.join();
      expect((await untilTaken(store, conversation, ada)).seq).toBe(2);
      expect(store.state).toBe('open');
      expect((await store.messagesSince(conversation, bob.id, 0, 10)).length).toBe(2);
      await store.close();
      await gate.close();
      await drop();
    },
    SLOW_MS,
  );

  it(
    'S16: is there after kill -9 of the engine, in its order, and the same store goes on',
    async () => {
      if (!canOwn) return pending('needs a mongod of its own: the one that MONGO_URL names is not ours to kill');
      const directory = await mkdtemp(join(tmpdir(), 'parley-mongod-'));
      const engine = await OwnEngine.start(directory);
      const store = await openMongoStore(engine.url);
      const [ada, bob, conversation] = await someFriends(store);
      const acknowledged = new Map<number, string>();
      let killed: Promise<void> | undefined;
      const write = async (writer: number): Promise<void> => {
        for (let i = 0; ; i++) {
          const data = `${writer} ${i}`;
          const { seq } = await post(store, conversation, writer % 2 ? ada : bob, data);
          acknowledged.set(seq, data);
          if (acknowledged.size === 100) killed = engine.kill();
        }
      };
      await Promise.allSettled(times(WRITERS, write));
      await killed;
      await engine.restart();
      await untilTaken(store, conversation, ada);
      const kept: string[] = [];
      for (let page; page === undefined || page.length > 0;) {
        page = await store.messagesSince(conversation, bob.id, kept.length, 500);
        for (const message of page) {
          expect(message.seq).toBe(kept.length + 1);
          kept.push('data' in message ? message.data : '');
        }
      }
      expect(acknowledged.size).toBeGreaterThanOrEqual(100);
      for (const [seq, data] of acknowledged) expect(kept[seq - 1]).toBe(data);
      await store.close();
      await engine.stop();
      await rm(directory, { recursive: true });
    },
    SLOW_MS,
  );

  /** Posts as a client does, again and again until it is taken. */
  async function untilTaken(store: Store, conversation: ConversationId, ada: Person): Promise<{ seq: number }> {
    for (;;) {
      try {
        return await post(store, conversation, ada, 'after', { id: anId('d9b2d63d-a233-4123-847a-7090d5d1c6f1') });
      } catch (error) {
        if (!(error instanceof StoreError && error.fault === 'unreachable')) throw error;
        await new Promise(resolve => setImmediate(resolve));
      }
    }
  }
});

const faultOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'it was done',
    (error: unknown) => (error instanceof StoreError ? error.fault : error),
  );
