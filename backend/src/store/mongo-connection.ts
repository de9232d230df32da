import mongoose, { type Connection } from 'mongoose';
import { isAway, isRefused } from './mongo-faults.ts';
import { withoutConcerns, readPlace } from './mongo-url.ts';
import { StoreError } from './store-error.ts';

/** How long an engine that is not there is waited for, in ms: whoever asks has a person waiting. */
export const PATIENCE_MS = 5_000;
/** How long a write may wait for the others of a replica set, in ms. */
const CONFIRM_MS = 10_000;
const DATABASE = 'parley';

/**
 * Connects. Every write waits until a majority has it in its journal, every read sees what a majority has.
 * @param url a connection string; its database is `parley` unless it names one
 * @throws StoreError `unreachable` or `refused`
 */
export async function connect(url: string): Promise<Connection> {
  const place = readPlace(url);
  if (!place) throw new StoreError('refused', 'STORE must be sqlite or a mongodb:// address.');
  const connection = mongoose.createConnection();
  try {
    await connection.openUri(withoutConcerns(url), {
      ...{ dbName: place.database ?? DATABASE, appName: 'parley', autoIndex: false, autoCreate: false },
      ...{ bufferCommands: false, promoteBuffers: true, serverSelectionTimeoutMS: PATIENCE_MS },
      ...{ connectTimeoutMS: PATIENCE_MS, socketTimeoutMS: 2 * CONFIRM_MS, maxPoolSize: 20 },
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: CONFIRM_MS },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
    });
    return connection;
  } catch (error) {
    await connection.destroy().catch(() => undefined);
    throw explained(error, place.hosts);
  }
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
