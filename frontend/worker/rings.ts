import { AGAIN_MS } from './quiet.ts';

/** The last ring of each caller that this device was told of by push, by their id. */
export type Rings = Readonly<Record<string, { readonly callId: string; readonly at: number }>>;

/** Beside `QUIET_PATH`. */
export const RINGS_PATH = '/rings';

/**
 * Notes a ring.
 * @param kept the rings before it, as they were kept
 * @param at ms since the epoch
 * @returns the rings that may still matter, and whether the same person has rung in another call within `AGAIN_MS`
 */
export function withRing(kept: unknown, callerId: string, callId: string, at: number): [Rings, boolean] {
  const recent = Object.entries(typeof kept === 'object' && kept !== null ? (kept as Rings) : {}).filter(
    ([, ring]) => at - ring.at <= AGAIN_MS,
  );
  const before = new Map(recent).get(callerId);
  const isAgain = before !== undefined && before.callId !== callId;
  // One push of a call may come twice; what decides is the call before it.
  const rings = Object.fromEntries(recent);
  return [before?.callId === callId ? rings : { ...rings, [callerId]: { callId, at } }, isAgain];
}
