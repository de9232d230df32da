import * as z from 'zod/mini';

/** The stable slugs of every problem the REST interface answers with; documented in PROTOCOL.md. */
export const PROBLEM_TYPES = [
  'bad-request',
  'too-large',
  'not-found',
  'forbidden',
  'unauthorized',
  'sign-in-required',
  'wrong-credentials',
  'too-many-attempts',
  'too-many-requests',
  'username-taken',
  'sign-up-closed',
  'invitation-needed',
  'invalid-code',
  'not-contacts',
  'last-admin',
  'keys-fixed',
  'identity-exists',
  'stale',
  'no-room',
  'inbox-full',
  'unsupported-media-type',
  'misdirected-request',
  'busy',
  'internal',
] as const;
export const problemType = z.enum(PROBLEM_TYPES);
export type ProblemType = z.infer<typeof problemType>;

/** RFC 9457 problem details. `retryMs` where trying again later helps; `errors` names each wrong field. */
export const problem = z.object({
  type: problemType,
  title: z.string(),
  status: z.int(),
  detail: z.optional(z.string()),
  retryMs: z.optional(z.int()),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
  /** Of `inbox-full`: the devices that did not get theirs, by `@<userId>:parley`. */
  full: z.optional(z.record(z.string(), z.array(z.string()))),
});
export type Problem = z.infer<typeof problem>;
