import type { ProblemType } from '#protocol/api/problem';
import { refuse, type Reply } from './route.ts';

/** The refusal of a change of a keyring that was not made. `unknown`: the account was deleted meanwhile. */
export const refuseChange = (reason: 'unknown' | ProblemType): Reply<never> =>
  refuse(reason === 'unknown' ? 'unauthorized' : reason);

/** The same, or undefined where the change was made. */
export const refusalOf = (outcome: 'kept' | 'taken' | 'deleted' | 'unknown' | ProblemType): Reply<never> | undefined =>
  outcome === 'kept' || outcome === 'taken' || outcome === 'deleted' ? undefined : refuseChange(outcome);
