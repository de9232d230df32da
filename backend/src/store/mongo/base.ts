import type { Collections } from './schemas.ts';
import type { Attempts } from './turns.ts';
import type { Appended, NewMessage } from '../chat.ts';

/** What every verb works with: the collections, and what one process has of its own. */
export type MongoBase = Collections & {
  readonly attempts: Attempts;
  /** Puts a post behind those of its conversation that wait already. */
  readonly enqueue: (post: NewMessage) => Promise<Appended>;
  /** Ms since the epoch. */
  readonly now: () => number;
};

/** What was on its way has arrived or failed after this long, in ms. */
export const SETTLED_MS = 60_000;

/** Verbs before they are bound to a base. */
export type Unbound<V> = {
  [K in keyof V]: V[K] extends (...args: infer A) => infer R ? (base: MongoBase, ...args: A) => R : never;
};
