import { AGAIN_MS } from './quiet.ts';

/** A call that rang, and whether its caller had rung in another one within `AGAIN_MS` before it. */
interface Ring {
  readonly callId: string;
  /** ms since the epoch */
  readonly at: number;
  readonly isAgain: boolean;
}

/** The last ring of each caller that this device was told of by push, by their id. */
export type Rings = Readonly<Record<string, Ring>>;

/** Beside `QUIET_PATH`. */
export const RINGS_PATH = '/rings';

/**
 * Notes a ring.
 * @param kept the rings before it, as they were kept
 * @param at ms since the epoch
 * @returns the rings that may still matter, and whether the same person has rung in another call within `AGAIN_MS`
 */
export function withRing(kept: unknown, callerId: string, callId: string, at: number): [Rings, boolean] {
  const all = typeof kept === 'object' && kept !== null ? (kept as Rings) : {};
  const rings: Rings = Object.fromEntries(Object.entries(all).filter(([, ring]) => at - ring.at <= AGAIN_MS));
  const before = rings[callerId];
  // One call may be pushed twice.
  if (before?.callId === callId) return [rings, before.isAgain];
  const isAgain = before !== undefined;
  return [{ ...rings, [callerId]: { callId, at, isAgain } }, isAgain];
}
