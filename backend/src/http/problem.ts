import type { Response } from 'express';
import type { Problem, ProblemType } from '#protocol/api/problem';

/** Every problem's title and status (RFC 9110, 15.5 and 15.6). */
export const PROBLEMS: Record<ProblemType, { title: string; status: number }> = {
  'bad-request': { title: 'The request is not well formed', status: 400 },
  'too-large': { title: 'The request is too large', status: 413 },
  'not-found': { title: 'There is no such thing here', status: 404 },
  forbidden: { title: 'This is not allowed', status: 403 },
  unauthorized: { title: 'A valid access token is needed', status: 401 },
  'sign-in-required': { title: 'Sign in again', status: 401 },
  'wrong-credentials': { title: 'Wrong name or password', status: 403 },
  'too-many-attempts': { title: 'Too many attempts', status: 429 },
  'too-many-requests': { title: 'Too many requests', status: 429 },
  'username-taken': { title: 'This name is taken', status: 409 },
  'sign-up-closed': { title: 'Nobody can sign up here', status: 403 },
  'invitation-needed': { title: 'An invitation is needed', status: 403 },
  'invalid-code': { title: 'This code is wrong, used or over', status: 403 },
  'not-contacts': { title: 'You are not contacts', status: 403 },
  'last-admin': { title: 'The only admin stays', status: 409 },
  'keys-fixed': { title: 'This device has other keys already', status: 409 },
  'identity-exists': { title: 'This person has another identity already', status: 409 },
  stale: { title: 'Something else has come first', status: 409 },
  'no-room': { title: 'There is no room for more of these', status: 409 },
  'inbox-full': { title: 'Some inboxes are full', status: 429 },
  'unsupported-media-type': { title: 'This kind of content is not taken here', status: 415 },
  'misdirected-request': { title: 'This installation is not called that', status: 421 },
  busy: { title: 'Too much to do right now', status: 429 },
  internal: { title: 'Something went wrong here', status: 500 },
};

/** What a problem may say beside its type. */
export type ProblemDetails = Pick<Problem, 'detail' | 'retryMs' | 'errors' | 'full'>;

/** When it is worth trying again, in ms, where nobody says otherwise: jobs that wait for a core take about so long. */
const BUSY_MS = 2_000;

/** A whole problem (RFC 9457, 3). */
export const problemOf = (type: ProblemType, details: ProblemDetails = {}): Problem => ({
  type,
  ...PROBLEMS[type],
  ...(type === 'busy' && { retryMs: BUSY_MS }),
  ...details,
});

/** Answers with a problem. A `Retry-After` is in whole seconds (RFC 9110, 10.2.3), never too early. */
export function sendProblem(response: Response, problem: Problem): void {
  if (problem.retryMs !== undefined) response.set('Retry-After', String(Math.ceil(problem.retryMs / 1000)));
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
