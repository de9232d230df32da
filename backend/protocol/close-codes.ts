/**
 * Why a signaling socket was closed (RFC 6455, 7.4: 4000–4999 are the application's own).
 * `retry` says what a client does next: connect anew with backoff, refresh its token first, or stop until a person acts.
 */
export const CLOSE_CODES = {
  bye: { code: 1000, retry: 'stop' },
  goingAway: { code: 1001, retry: 'backoff' },
  tooBig: { code: 1009, retry: 'backoff' },
  restart: { code: 1012, retry: 'backoff' },
  malformed: { code: 4400, retry: 'backoff' },
  unauthorized: { code: 4401, retry: 'refresh' },
  version: { code: 4406, retry: 'stop' },
  helloLate: { code: 4408, retry: 'backoff' },
  replaced: { code: 4409, retry: 'stop' },
  tooFast: { code: 4429, retry: 'backoff' },
} as const satisfies Record<string, { code: number; retry: 'backoff' | 'refresh' | 'stop' }>;

export type CloseName = keyof typeof CLOSE_CODES;
export type Retry = (typeof CLOSE_CODES)[CloseName]['retry'];

/** What a client does after `code`; codes nobody documented (1006 above all) are retried with backoff. */
export function retryAfter(code: number): Retry {
  return Object.values(CLOSE_CODES).find(entry => entry.code === code)?.retry ?? 'backoff';
}

/** The reason that goes with `malformed` where the frame's number could be read: which frame the other end must not send again. */
export const blameText = (n: number): string => `n=${String(n)}`;

/**
 * Whether a socket was closed for a frame that its client said.
 * @returns the frame's number, null where it is not known, undefined where the close has another cause
 */
export function blamedFrame(code: number | null, reason: string): number | null | undefined {
  if (code !== CLOSE_CODES.malformed.code && code !== CLOSE_CODES.tooBig.code) return undefined;
  const n = Number(/^n=(\d{1,15})$/.exec(reason)?.[1] ?? 0);
  return n > 0 ? n : null;
}
