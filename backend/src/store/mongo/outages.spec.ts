import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { canOwn, OwnEngine } from '../../testing/mongo.ts';
import { newMessage, someFriends } from '../contract/people.ts';
import { SLOW_MS } from '../contract/seeds.ts';
import { PATIENCE_MS } from './connection.ts';
import { openMongoStore } from './mongo-store.ts';
import { passes } from '../store-error.ts';
import type { NewMessage } from '../chat.ts';
import type { Store } from '../store.ts';

/** Each verb is answered by then, in ms; and what a busy machine adds. */
const ANSWERED_MS = PATIENCE_MS + 1_500;

if (canOwn) describe('A MongoDB that is killed or stops answering', suite);
else
  describe('A MongoDB that is killed or stops answering', () =>
    void it('runs', () => pending('needs a mongod of its own')));

function suite(): void {
  let directory: string;
  let engine: OwnEngine;
  let store: Store;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-mongo-'));
    engine = await OwnEngine.start(directory);
    store = await openMongoStore(engine.url);
  }, SLOW_MS);
  afterEach(async () => {
    await store.close();
    await engine.stop();
    await rm(directory, { recursive: true, force: true });
  }, SLOW_MS);

  /** Asks as a client does that hears `try-later`, until it is answered. */
  async function postedAtLast(message: NewMessage): Promise<number> {
    try {
      const answer = await store.appendMessage(message);
      return 'seq' in answer ? answer.seq : 0;
    } catch (error) {
      if (!passes(error)) throw error;
      // A store that knows its engine to be away refuses in the same turn, in which no socket is read.
      await turn();
      return postedAtLast(message);
    }
  }

  for (const [how, leave, comeBack] of [
    ['killed', () => engine.kill(), () => engine.restart()],
    ['stopped (SIGSTOP)', async () => engine.freeze(), async () => engine.thaw()],
  ] as const) {
    it(
      `M7a passes: a post is refused for now, in time, and the same post goes in once when it is back (${how})`,
      async () => {
        const [ada, bob, conversation] = await someFriends(store);
        await store.appendMessage(newMessage(conversation, ada, 'before'));
        await leave();
        const message = newMessage(conversation, ada, 'meanwhile');
        const began = performance.now();
        const refusedAfter = (asked: Promise<unknown>) =>
          asked.then(
            () => fail('it was done'),
            (error: unknown) => {
              expect(passes(error)).withContext(String(error)).toBeTrue();
              return performance.now() - began;
            },
          );
        const waits = await Promise.all([store.appendMessage(message), store.userById(ada.id)].map(refusedAfter));
        for (const ms of waits) expect(ms).toBeLessThan(ANSWERED_MS);
        await comeBack();
        expect(await postedAtLast(message)).toBe(2);
        const kept = await store.messagesSince(conversation, bob.id, 0, 10);
        expect(kept.map(one => 'data' in one && one.data)).toEqual(['before', 'meanwhile']);
      },
      SLOW_MS,
    );
  }
}
