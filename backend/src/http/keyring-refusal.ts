import type { ProblemType } from '#protocol/api/problem';
import { refuse, type Reply } from './route.ts';

/** The refusal of a change of a keyring that was not made, else undefined. `unknown`: the account was deleted meanwhile. */
export const refusalOf = (
  outcome: 'kept' | 'taken' | 'deleted' | 'unknown' | ProblemType,
): Reply<never> | undefined => {
  if (outcome === 'kept' || outcome === 'taken' || outcome === 'deleted') return undefined;
  return refuse(outcome === 'unknown' ? 'unauthorized' : outcome);
};
