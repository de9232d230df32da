import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { isAway, isRefused } from './faults.ts';
import { endWithConnections } from './hang-up.ts';
import { readPlace, withoutConcerns, type MongoPlace } from './url.ts';
import { StoreError } from '../store-error.ts';

/** How long an engine that is not there is waited for, in ms: whoever asks has a person waiting. */
export const PATIENCE_MS = 5_000;
/** How often it is looked whether an engine is still there, in ms: one that was stopped says nothing of it. */
export const LOOK_MS = 2_000;
/** How long a write may wait for the others of a replica set, in ms. */
const CONFIRM_MS = 10_000;
const DATABASE = 'parley';

/**
 * Connects. Every write waits until it is in the journal, of a majority where there are several; every read sees what a
 * majority has.
 * @param url a connection string; its database is `parley` unless it names one
 * @throws StoreError `unreachable` or `refused`
 */
export async function connect(url: string): Promise<Connection> {
  const place = readPlace(url);
  if (!place) throw new StoreError('refused', 'STORE must be sqlite or a mongodb:// address.');
  try {
    const asking = await opened(url, place, {});
    const several = await isSeveral(asking).finally(() => asking.destroy());
    return await opened(url, place, { writeConcern: several ? OF_A_MAJORITY : OF_ONE });
  } catch (error) {
    throw explained(error, place.hosts);
  }
}

const OF_A_MAJORITY = { w: 'majority', journal: true, wtimeoutMS: CONFIRM_MS } as const;
/**
 * A lone server asked for a majority only begins to write its journal and answers at once, for others' confirmation is
 * what it would wait for: killed then, it forgets what it has acknowledged. Asked for itself alone it waits.
 */
const OF_ONE = { w: 1, journal: true } as const;

async function opened(url: string, { database }: MongoPlace, options: ConnectOptions): Promise<Connection> {
  const connection = mongoose.createConnection();
  try {
    const opening = connection.openUri(withoutConcerns(url), {
      dbName: database ?? DATABASE,
      appName: 'parley',
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      promoteBuffers: true,
      serverSelectionTimeoutMS: PATIENCE_MS,
      connectTimeoutMS: PATIENCE_MS,
      heartbeatFrequencyMS: LOOK_MS,
      socketTimeoutMS: 2 * CONFIRM_MS,
      maxPoolSize: 20,
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      ...options,
    });
    endWithConnections(connection);
    return await opening;
  } catch (error) {
    await connection.destroy().catch(() => undefined);
    throw error;
  }
}

/** Whether it is a replica set, or shards of some. */
async function isSeveral({ db }: Connection): Promise<boolean> {
  const hello: unknown = await db?.command({ hello: 1 });
  return typeof hello === 'object' && hello !== null && ('setName' in hello || 'msg' in hello);
}

/** The sentence names the hosts and never what else the string holds. */
function explained(error: unknown, hosts: readonly string[]): unknown {
  const where = `MongoDB at ${hosts.join(', ')}`;
  if (isRefused(error)) {
    return new StoreError('refused', `${where} refuses the user or the password of STORE.`, { cause: error });
  }
  if (isAway(error)) {
    const sentence = `${where} cannot be reached: ${reason(error)}. Is it running, and is STORE right?`;
    return new StoreError('unreachable', sentence, { cause: error });
  }
  return new StoreError('refused', `STORE cannot be used: ${reason(error)}.`, { cause: error });
}

const reason = (error: unknown): string => (error instanceof Error ? error.message.split('\n')[0] : undefined) ?? '';
