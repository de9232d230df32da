import { setImmediate as turn } from 'node:timers/promises';
import { anId } from '#protocol/testing/ids';
import { specDatabase, suiteOnMongo, type SpecDatabase } from '../../testing/mongo.ts';
import { MongoGate } from '../../testing/mongo-gate.ts';
import { openMongoStore } from './mongo-store.ts';
import { StoreError } from '../store-error.ts';
import type { Store } from '../store.ts';

/** More than the turns of the event loop from the end of a socket to its `close`. */
const TURNS = 12;
/** Characters that do not fit in what the systems on both sides keep for a connection, and fit in a document. */
const MORE_THAN_BUFFERS = 15_000_000;
/** Connections that are idle when their server hangs up. */
const IDLE = 20;

/** Why a verb has rejected; undefined where it has not. */
const faultOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => undefined,
    (error: unknown) => (error instanceof StoreError ? error.fault : error),
  );

suiteOnMongo('A MongoDB that hangs up', () => {
  let database: SpecDatabase;
  let gate: MongoGate;
  let store: Store;

  beforeEach(async () => {
    database = await specDatabase();
    gate = await MongoGate.before(database.url);
    store = await openMongoStore(gate.through(database.url));
  });
  afterEach(async () => {
    await store.close();
    await gate.close();
    await database.drop();
  });

  /** Until it answers everybody, over a connection for each. */
  async function manyRead(): Promise<void> {
    const reads = Array.from({ length: IDLE }, () => store.userById(anId('nobody')));
    if ((await Promise.allSettled(reads)).some(({ status }) => status === 'rejected')) await manyRead();
  }

  it('is told of by a typed error, or asked again, whenever somebody asks it meanwhile', async () => {
    for (let round = 0; round < 3; round++) {
      await manyRead();
      gate.cut();
      const asked: Promise<unknown>[] = [];
      for (let i = 0; i < TURNS; i++) {
        await turn();
        if (i === TURNS / 2) gate.join();
        asked.push(faultOf(store.userById(anId('nobody'))), faultOf(store.pin(`pin-${round}-${i}`, 'kept')));
      }
      const refusals = (await Promise.all(asked)).filter(fault => fault !== undefined);
      for (const fault of refusals) expect(fault).toBe('unreachable');
      // Who asks a second time, as reads are by themselves, is answered.
      expect(refusals.length).toBeLessThan(asked.length);
    }
  });

  it('is told of by a typed error to whom it left with half a message', async () => {
    await manyRead();
    gate.hush();
    const asked = faultOf(store.pin('large', 'x'.repeat(MORE_THAN_BUFFERS)));
    await turn();
    gate.cut();
    expect(await asked).toBe('unreachable');
  });
});
