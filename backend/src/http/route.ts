import type * as z from 'zod/mini';
import type { ProblemType } from '#protocol/api/problem';
import type { Who } from '../auth/authenticate.ts';
import type { RouteBudget } from './budgets.ts';
import type { AppDeps } from './deps.ts';
import type { ProblemDetails } from './problem.ts';

/** What a handler answers with. `headers` go with it; a route without an answer's shape is `done` (204). */
export type Reply<A = unknown> =
  | { kind: 'answer'; body: A; headers?: Record<string, string> }
  | { kind: 'bytes'; type: string; bytes: Uint8Array; headers?: Record<string, string> }
  | { kind: 'done'; headers?: Record<string, string> }
  | Refusal;
/** `noted` is what the security log says in place of the type, where that is more than the client may know. */
type Refusal = {
  kind: 'refused';
  type: ProblemType;
  details?: ProblemDetails;
  headers?: Record<string, string>;
  noted?: string;
};

export const answer = <A>(body: A, headers: Record<string, string> = {}): Reply<A> => ({
  kind: 'answer',
  body,
  headers,
});
export const done = (headers: Record<string, string> = {}): Reply<never> => ({ kind: 'done', headers });
export const refuse = (
  type: ProblemType,
  details: ProblemDetails = {},
  headers: Record<string, string> = {},
): Reply<never> => ({ kind: 'refused', type, details, headers });
/** The same refusal, of which the security log says more than the client may know. */
export const noted = (reply: Reply<never>, as: string): Reply<never> =>
  reply.kind === 'refused' ? { ...reply, noted: as } : reply;

/** One request, parsed. `address` is the client's own and `origin` the one it calls us by, behind trusted proxies too. */
export type Call<P, Q, B> = {
  params: P;
  query: Q;
  body: B;
  address: string;
  origin: string;
  cookies: string | undefined;
};
/** The same of somebody who is signed in. */
export type SignedInCall<P, Q, B> = Call<P, Q, B> & { who: Who };

type Shape = z.ZodMiniType;
type Out<S> = S extends Shape ? z.output<S> : undefined;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What the router and the OpenAPI document are both made from. */
export type Declaration = {
  method: Method;
  /** As Express writes it: `/api/devices/:id`. */
  path: string;
  summary: string;
  params?: Shape;
  query?: Shape;
  /** The JSON body's shape. */
  body?: Shape;
  /** Most bytes of the body, which may be gzipped, after that; without it the usual ones of JSON that is not. */
  bodyBytes?: number;
  /** Whether the answer is gzipped for who takes that. */
  compressed?: boolean;
  /** In place of `body`: the types of bytes that are taken as they are, and at most how many. */
  upload?: { types: readonly string[]; bytes: number };
  /** The JSON answer's shape; without it there is none. */
  answer?: Shape;
  /** The types of bytes it may answer with instead. */
  download?: readonly string[];
  status?: 200 | 201;
  /** What each use of it is paid from; where that is empty it is refused before its handler runs. */
  budget?: RouteBudget;
  /** The refusals of its own, beside those that any route may have. */
  refusals?: readonly ProblemType[];
};

type Body<D extends Declaration> = D['upload'] extends object ? { type: string; bytes: Buffer } : Out<D['body']>;
type Answer<D extends Declaration> = D['answer'] extends Shape ? z.input<D['answer']> : never;
type Handler<D extends Declaration, C> = (deps: AppDeps, call: C) => Promise<Reply<Answer<D>>> | Reply<Answer<D>>;

/** A declared route with its types forgotten: `run` takes a request whose parts have been through its shapes. */
export type Route = Declaration & {
  access: 'public' | 'signed-in';
  run(deps: AppDeps, call: Call<never, never, never>, who: Who | undefined): Promise<Reply>;
};

/** A route for anybody. */
export const open = <const D extends Declaration>(
  declaration: D,
  handle: Handler<D, Call<Out<D['params']>, Out<D['query']>, Body<D>>>,
): Route => ({
  ...declaration,
  access: 'public',
  run: async (deps, call) => handle(deps, call),
});

/** A route for those who are signed in. */
export const signedIn = <const D extends Declaration>(
  declaration: D,
  handle: Handler<D, SignedInCall<Out<D['params']>, Out<D['query']>, Body<D>>>,
): Route => ({
  ...declaration,
  access: 'signed-in',
  run: async (deps, call, who) => (who === undefined ? refuse('unauthorized') : handle(deps, { ...call, who })),
});
