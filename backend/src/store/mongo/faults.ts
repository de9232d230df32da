import mongoose from 'mongoose';
import { StoreError, type StoreFault } from '../store-error.ts';

const { MongoServerError, MongoBulkWriteError } = mongoose.mongo;

/** What the driver says of a connection, a pool or a server it has lost. Its other errors mean wrong use, or a wrong address. */
const LOST = [
  mongoose.mongo.MongoNetworkError,
  mongoose.mongo.MongoServerSelectionError,
  mongoose.mongo.MongoNotConnectedError,
  mongoose.mongo.MongoExpiredSessionError,
  mongoose.mongo.MongoServerClosedError,
  mongoose.mongo.MongoTopologyClosedError,
  mongoose.mongo.MongoClientClosedError,
  mongoose.mongo.MongoOperationTimeoutError,
  mongoose.Error.MongooseServerSelectionError,
];
/** The same of a pool, whose classes the driver keeps to itself. */
const LOST_POOL = ['MongoPoolClosedError', 'MongoWaitQueueTimeoutError'];

/**
 * Of a server that is stopping, has stopped, or is no primary any more, or of a set that has just come back and knows of
 * no majority yet (the driver's own list, Retryable Reads specification).
 */
const AWAY = [6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];
/** Not enough of the set has confirmed in time: the write is there and may yet go. */
const UNCONFIRMED = [64, 100];
const DUPLICATE = 11_000;
/** Unauthorized, AuthenticationFailed. */
const REFUSED = [13, 18];
/** QuotaExceeded, OutOfDiskSpace; 8000 is how MongoDB Atlas says that its space is used up. */
const FULL = [8000, 12501, 14031];
/**
 * LockTimeout, LockBusy, MaxTimeMSExpired, WriteConflict, ExceededMemoryLimit, TransactionTooOld, NoSuchTransaction,
 * TransactionExceededLifetimeLimitSeconds, TemporarilyUnavailable, IngressRequestRateLimitExceeded.
 */
const OVERLOADED = [24, 46, 50, 112, 146, 225, 251, 290, 365, 462];
/** What the server itself says may be tried again. */
const LABELS = ['RetryableWriteError', 'TransientTransactionError', 'SystemOverloadedError'];

const codeOf = (error: unknown): number | undefined =>
  error instanceof MongoServerError && typeof error.code === 'number' ? error.code : undefined;

/** Whether a unique index has refused a write: any, or the one that begins with this field. */
export function isDuplicate(error: unknown, field?: string): boolean {
  if (!(error instanceof MongoServerError) || error.code !== DUPLICATE) return false;
  const pattern: unknown = error['keyPattern'];
  return field === undefined || (typeof pattern === 'object' && pattern !== null && field in pattern);
}

/** An upsert: of two that make a document at the same time one is refused, and finds it when it asks again. */
export async function upserted<T>(upsert: () => Promise<T>): Promise<T> {
  try {
    return await upsert();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return upsert();
  }
}

/** How many documents an ordered insert has written before the one that was refused as a duplicate; null of other errors. */
export const insertedBefore = (error: unknown): number | null =>
  isDuplicate(error) && error instanceof MongoBulkWriteError ? error.result.insertedCount : null;

/** A write of many wraps whatever has ended it in an error of its own, and says by its class that a server has answered. */
const unwrapped = (error: unknown): unknown =>
  error instanceof MongoBulkWriteError && error.errorResponse instanceof Error ? error.errorResponse : error;

/** Whether the engine is not there, so that asking again later may help. */
export function isAway(failure: unknown): boolean {
  const error = unwrapped(failure);
  const code = codeOf(error);
  if (code !== undefined) return AWAY.includes(code) || UNCONFIRMED.includes(code);
  return LOST.some(kind => error instanceof kind) || (error instanceof Error && LOST_POOL.includes(error.name));
}

/** Whether user and password are not taken, or may not do this. */
export const isRefused = (error: unknown): boolean => REFUSED.includes(codeOf(error) ?? 0);

/** Which fault an error is. What the server says of the document itself (too large, not valid) stays `failed`. */
function faultOf(failure: unknown): StoreFault {
  const error = unwrapped(failure);
  if (isAway(error)) return 'unreachable';
  const code = codeOf(error) ?? 0;
  if (FULL.includes(code)) return 'full';
  if (OVERLOADED.includes(code)) return 'overloaded';
  if (REFUSED.includes(code)) return 'refused';
  const isToBeRetried = error instanceof mongoose.mongo.MongoError && LABELS.some(label => error.hasErrorLabel(label));
  return isToBeRetried ? 'overloaded' : 'failed';
}

/** What a verb rejects with while the engine is not there. */
export const awayError = (cause?: unknown): StoreError =>
  new StoreError('unreachable', 'MongoDB cannot be reached right now.', { cause });

/** What a verb rejects with. Sentences name neither address nor user: they end in logs. */
export function storeError(verb: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const fault = faultOf(error);
  if (fault === 'unreachable') return awayError(error);
  return new StoreError(fault, `${verb}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
