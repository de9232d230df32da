import type { Failure } from './fetch-json';

/** Whether the server has refused a password, and not the request for another reason. */
export const isWrongPassword = (failure: Failure): boolean =>
  failure.kind === 'problem' && failure.problem.type === 'wrong-credentials';
