import { lookup, type LookupAddress } from 'node:dns';
import { Agent, request, type RequestOptions } from 'node:https';
import type { PushHosts } from './push-hosts.ts';

/** One encrypted message on its way to a push service (RFC 8030, 5). */
export type PushRequest = { endpoint: string; headers: Record<string, string | number>; body: Buffer };

/** What became of it; nothing of this is ever told to a client. */
export type PushOutcome =
  | { kind: 'accepted' }
  /** 404 or 410: the subscription is over (RFC 8030, 7.3). */
  | { kind: 'gone' }
  /** 401 or 403: the service does not take our key or its contact (RFC 8292, 4.2). */
  | { kind: 'forbidden'; status: number }
  /** Nobody there, 429 or 5xx: another time; after `restMs` where the service says when (RFC 8030, 8.4). */
  | { kind: 'later'; reason: string; restMs?: number }
  | { kind: 'failed'; reason: string };

export type Post = (push: PushRequest) => Promise<PushOutcome>;

/** How long one message may take, from the name's look-up to the answer, in ms. */
export const POST_MS = 5_000;
/** The longest rest a push service is granted, in ms. */
const LONGEST_REST_MS = 3_600_000;

/** An address that a listed name must not have. */
class AddressError extends Error {
  override readonly name = 'AddressError';
}

/**
 * Posts to push services and to nobody else: https, a listed name, no redirect, 5 s. The address is judged in the very
 * look-up the connection uses, so that a name cannot change its mind in between.
 * @param ca further roots, as PEM; specs have one
 */
export function createPost(
  hosts: PushHosts,
  { ca, timeoutMs = POST_MS }: { ca?: string; timeoutMs?: number } = {},
): Post {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, maxFreeSockets: 8, ...(ca === undefined ? {} : { ca }) });
  return push =>
    hosts.entryFor(push.endpoint) === undefined
      ? Promise.resolve({ kind: 'failed', reason: 'not a push service that is listed' })
      : ask(push, { agent, lookup: judgedLookup(hosts), signal: AbortSignal.timeout(timeoutMs) });
}

function ask({ endpoint, headers, body }: PushRequest, options: RequestOptions): Promise<PushOutcome> {
  const { promise, resolve } = Promise.withResolvers<PushOutcome>();
  const failed = (error: Error) =>
    resolve({ kind: error instanceof AddressError ? 'failed' : 'later', reason: reasonOf(error) });
  const asking = request(endpoint, { ...options, method: 'POST', headers }, response => {
    resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after']));
    response.on('error', failed);
    // The body of the answer is not read: a short answer leaves the connection usable, a long one ends it.
    if (Number(response.headers['content-length'] ?? 0) > 4_096) response.destroy();
    else response.resume();
  });
  asking.on('error', failed);
  asking.end(body);
  return promise;
}

function outcomeOf(status: number, retryAfter: string | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 404 || status === 410) return { kind: 'gone' };
  if (status === 401 || status === 403) return { kind: 'forbidden', status };
  const reason = `answered ${status}`;
  if (status !== 429 && status < 500) return { kind: 'failed', reason };
  const restMs = restOf(retryAfter);
  return restMs === undefined ? { kind: 'later', reason } : { kind: 'later', reason, restMs };
}

/** `Retry-After` (RFC 9110, 10.2.3) in ms: seconds, or a date; undefined where it is neither. */
export function restOf(retryAfter = '', now = Date.now()): number | undefined {
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_REST_MS);
}

const reasonOf = (error: Error): string => {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'did not answer in time';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
};

/** Resolves a name, and leaves out the addresses it must not have. */
const judgedLookup =
  (hosts: PushHosts): NonNullable<RequestOptions['lookup']> =>
  (hostname, { family, all }, done) => {
    const wanted = family === 4 || family === 6 ? family : 0;
    lookup(hostname, { family: wanted, all: true }, (error, found: LookupAddress[] = []) => {
      const allowed = found.filter(({ address }) => hosts.mayHave(address));
      const [first] = allowed;
      if (error !== null) done(error, '', 0);
      else if (first === undefined) done(new AddressError('has no address that may be asked'), '', 0);
      else if (all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
