import type { Connection } from 'mongoose';
import type { Clock } from '../../clock.ts';
import { KeptOrder } from '../kept-order.ts';
import { connect } from './connection.ts';
import { isDuplicate, storeError } from './faults.ts';
import { beginExchange, endExchange, FILLING, knownInstallation } from './installation.ts';
import { KeptDocuments } from './kept.ts';
import { collectionsOf, type Collections } from './schemas.ts';
import { StoreError } from '../store-error.ts';
import type { Filling, FillOptions, Kept, KeptInstallation } from '../transfer.ts';

/** What another store's content does not take the place of: who one is, and numbers that only grow (S30). */
const STAYING = ['installations', 'counters'];

/**
 * S52. Fills collections that nobody looks at, which then take the places of the others one by one; meanwhile the
 * identity says so, and no process starts on it.
 * @throws StoreError `not-empty`, and as `connect` and `knownInstallation` say
 */
export async function fillMongo(url: string, { replace }: FillOptions, clock: Clock): Promise<Filling> {
  const connection = await connect(url);
  const [kept, stage] = [collectionsOf(connection), collectionsOf(connection, FILLING)];
  try {
    const known = await knownInstallation(connection, kept);
    // What an exchange has left half was allowed to go when it began.
    if (!replace && !known?.filling && (await kept.users.exists({})) !== null) {
      throw new StoreError('not-empty', 'There are accounts in the database of STORE.');
    }
    await forget(stage);
    for (const collection of Object.values(stage)) {
      await collection.createCollection();
      await collection.createIndexes();
    }
    return new MongoFilling(connection, kept, stage, clock);
  } catch (error) {
    await connection.destroy();
    throw storeError('filling', error);
  }
}

async function forget(stage: Collections): Promise<void> {
  for (const { collection } of Object.values(stage)) await collection.drop();
}

class MongoFilling implements Filling {
  readonly #connection: Connection;
  readonly #kept: Collections;
  readonly #stage: Collections;
  readonly #order = new KeptOrder();
  readonly #documents: KeptDocuments;
  #installation: KeptInstallation | undefined;

  constructor(connection: Connection, kept: Collections, stage: Collections, clock: Clock) {
    this.#connection = connection;
    this.#kept = kept;
    this.#stage = stage;
    this.#documents = new KeptDocuments(stage, clock);
  }

  async add(entry: Kept): Promise<void> {
    const before = this.#order.run;
    this.#order.expect(entry);
    if (entry.kind === 'installation') this.#installation = entry;
    else await this.#typed(() => this.#documents.add(entry, before, this.#order.run));
  }

  async finish(): Promise<void> {
    this.#order.end();
    await this.#typed(async () => {
      await this.#documents.end(this.#order.run);
      await this.#exchange();
    });
  }

  async #exchange(): Promise<void> {
    const { id = '', createdAt = 0 } = this.#installation ?? {};
    await beginExchange(this.#kept);
    for (const [name, { collection }] of Object.entries(this.#stage)) {
      const from = collection.collectionName;
      if (STAYING.includes(name)) continue;
      await this.#connection.db?.renameCollection(from, from.slice(FILLING.length), { dropTarget: true });
    }
    await this.#documents.raiseTurns(this.#kept);
    await endExchange(this.#kept, id, createdAt);
  }

  async close(): Promise<void> {
    await forget(this.#stage).catch(() => undefined);
    await this.#connection.destroy();
  }

  async #typed(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (cause) {
      if (isDuplicate(cause))
        throw new StoreError('misfit', 'Something is there twice that may be there once.', { cause });
      throw storeError('filling', cause);
    }
  }
}
