import type { UserId } from '#protocol/ids';
import type { CallRecord } from './calls.ts';

/** Whom a call that has not ended keeps from others (S14): not a callee from whom it is withheld. */
export const liveFor = ({ callerId, calleeId, withheld = false }: CallRecord): UserId[] =>
  withheld ? [callerId] : [callerId, calleeId];
