import * as z from 'zod/mini';
import { page, type Page } from '#protocol/api/page';
import { type Problem, problem } from '#protocol/api/problem';
import { err, ok, type Result } from '#protocol/result';
import { giveWay, partsOf } from '../look/give-way';

/** Why a request brought nothing: the server said so, could not be reached, or answered in a way we do not know. */
export type Failure =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'unreadable' };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a request carries besides its address. */
export interface Carried<T> {
  /** Sent as JSON, or as it is where it is a Blob. */
  body?: unknown;
  /** The shape of the answer; without it nothing is read. */
  answer?: z.ZodMiniType<T>;
  /** In the place of `answer`, of a long page: the shape of its rows. They are read some at a time. */
  row?: T extends Page<infer Row> ? z.ZodMiniType<Row> : never;
  signal?: AbortSignal;
}

/** Rows that are read in one task: some milliseconds on a phone. */
const ROWS_AT_ONCE = 50;

/** A request is given up after this long, in ms: a person must not wait for a network that has died silently. */
const ANSWER_MS = 15_000;

/** One request without a token; never throws. */
export async function call<T = undefined>(
  method: Method,
  path: string,
  carried: Carried<T> = {},
  token?: string,
): Promise<Result<T, Failure>> {
  let response: Response;
  try {
    response = await fetch(path, requestOf(method, carried, token));
  } catch {
    return err({ kind: 'unreachable' });
  }
  if (!response.ok) return err(await failureOf(response));
  return carried.row ? ((await readPage(response, carried.row)) as Result<T, Failure>) : read(response, carried.answer);
}

/** As `AbortSignal.any`, which is newer than the oldest browsers that are served. */
function firstOf(...signals: AbortSignal[]): AbortSignal {
  const first = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) first.abort(signal.reason);
    signal.addEventListener('abort', () => first.abort(signal.reason), { signal: first.signal });
  }
  return first.signal;
}

function requestOf<T>(method: Method, { body, signal }: Carried<T>, token: string | undefined): RequestInit {
  const json = body !== undefined && !(body instanceof Blob);
  const tooLong = AbortSignal.timeout(ANSWER_MS);
  return {
    method,
    // The server forbids storing, too: nobody who uses this browser later finds an answer in its cache.
    cache: 'no-store',
    signal: signal ? firstOf(signal, tooLong) : tooLong,
    headers: {
      ...(json ? { 'Content-Type': 'application/json' } : {}),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
  };
}

async function failureOf(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = problem.safeParse(body);
  if (parsed.success) return { kind: 'problem', problem: parsed.data };
  // A proxy that answers for a server that is gone does not speak our problems.
  return { kind: response.status >= 502 && response.status <= 504 ? 'unreachable' : 'unreadable' };
}

async function read<T>(response: Response, answer: z.ZodMiniType<T> | undefined): Promise<Result<T, Failure>> {
  // Whoever gives no shape gets `undefined`, which is what T is then.
  if (!answer) return ok(undefined as T);
  try {
    // Without content (RFC 9110, 15.3.5).
    const body: unknown = response.status === 204 ? undefined : await response.json();
    const parsed = answer.safeParse(body);
    return parsed.success ? ok(parsed.data) : err({ kind: 'unreadable' });
  } catch {
    return err({ kind: 'unreadable' });
  }
}

async function readPage<Row>(response: Response, row: z.ZodMiniType<Row>): Promise<Result<Page<Row>, Failure>> {
  const answer = await read(response, page(z.unknown()));
  if (!answer.ok) return answer;
  const items: Row[] = [];
  for (const part of partsOf(answer.value.items, ROWS_AT_ONCE)) {
    const parsed = z.array(row).safeParse(part);
    if (!parsed.success) return err({ kind: 'unreadable' });
    items.push(...parsed.data);
    await giveWay();
  }
  return ok({ ...answer.value, items });
}
