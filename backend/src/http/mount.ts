import type { BlockList } from 'node:net';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type * as z from 'zod/mini';
import { err, ok, type Result } from '#protocol/result';
import type { Who } from '../auth/authenticate.ts';
import { networks } from '../variables.ts';
import { payerOf } from './budgets.ts';
import { clientAddress } from './client-address.ts';
import type { AppDeps } from './deps.ts';
import { originOf } from './forwarded.ts';
import { problemOf, sendProblem, type ProblemDetails } from './problem.ts';
import { bodyReader } from './read-body.ts';
import { noteReply } from './security-events.ts';
import { refuse, type Call, type Reply, type Route } from './route.ts';

/** A router of the table's routes: who is asking, how often, with what; then the handler; then its answer. */
export function mount(deps: AppDeps, routes: readonly Route[]): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const trusted = networks(deps.config.trustedProxies);
  for (const route of routes) {
    const { method, path } = route;
    router[method](path, timed(deps, route), admit(deps, route, trusted), ...bodyReader(route));
    router[method](path, handle(deps, route, trusted));
  }
  return router;
}

const timed =
  ({ metrics }: AppDeps, { method, path }: Route): RequestHandler =>
  (_request, response, next) => {
    const began = performance.now();
    response.on('finish', () => metrics.request(method, path, response.statusCode, performance.now() - began));
    next();
  };

/** Nobody's body is read before it is known that they may send one. */
const admit =
  (deps: AppDeps, { access }: Route, trusted: BlockList): RequestHandler =>
  async (request, response, next) => {
    if (access === 'public') return next();
    const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const who = bearer === undefined ? err('invalid' as const) : await deps.authenticate(bearer);
    const address = clientAddress(request, trusted);
    if (!who.ok) {
      // One that has run out is everyday life, and one that is missing is nobody's.
      if (bearer !== undefined && who.error !== 'expired')
        deps.security.note({ event: 'token', outcome: who.error, address });
      // RFC 6750, 3: the header says why, the problem says what to do.
      response.setHeader('WWW-Authenticate', bearer === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
      return sendReply(response, refuse('unauthorized'));
    }
    const retryMs = await deps.budgets.take('requests', who.value.deviceId);
    if (retryMs > 0) deps.security.note({ event: 'budget', outcome: 'requests', who: who.value.userId, address });
    if (retryMs > 0) return sendReply(response, refuse('too-many-requests', { retryMs }));
    response.locals['who'] = who.value;
    next();
  };

function handle(deps: AppDeps, route: Route, trusted: BlockList): RequestHandler {
  return async (request, response) => {
    const parsed = parse(route, request);
    if (!parsed.ok) return sendReply(response, parsed.error);
    const call: Call<unknown, unknown, unknown> = {
      ...parsed.value,
      address: clientAddress(request, trusted),
      origin: originOf(request, trusted, deps.config.tls === 'off'),
      cookies: request.headers.cookie,
    };
    // The route's own shapes have made the parts what its handler wants; the table has forgotten which.
    const who = response.locals['who'] as Who | undefined;
    const unpaid = await pay(deps, route, call.address, who);
    if (unpaid !== undefined) return sendReply(response, unpaid);
    const reply = await route.run(deps, call as Call<never, never, never>, who);
    await noteReply(deps, route, call, who, reply);
    if (route.compressed && reply.kind === 'answer') await sendCompressed(request, response, reply);
    else sendReply(response, reply, route.status);
  };
}

/** Takes one use from the route's budget; the refusal where it is used up. */
async function pay(
  deps: AppDeps,
  { budget }: Route,
  address: string,
  who: Who | undefined,
): Promise<Reply | undefined> {
  if (budget === undefined) return undefined;
  const retryMs = await deps.budgets.take(budget, payerOf(budget, address, who));
  if (retryMs === 0) return undefined;
  deps.security.note({ event: 'budget', outcome: budget, who: who?.userId, address });
  return refuse(budget === 'provenSignIns' ? 'too-many-attempts' : 'too-many-requests', { retryMs });
}

type Parts = { params: unknown; query: unknown; body: unknown };

function parse(route: Route, request: Request): Result<Parts, Reply> {
  const body: unknown = request.body;
  if (route.upload !== undefined && !Buffer.isBuffer(body)) return err(refuse('unsupported-media-type'));
  if (route.body !== undefined && body === undefined) return err(refuse('unsupported-media-type'));
  const errors: NonNullable<ProblemDetails['errors']> = [];
  const read = (shape: z.ZodMiniType | undefined, from: unknown): unknown => {
    const result = shape?.safeParse(from);
    if (result?.success === false) errors.push(...result.error.issues.flatMap(wrongFields));
    return result?.data;
  };
  const parts = {
    params: read(route.params, request.params),
    query: read(route.query, request.query),
    body: route.upload === undefined ? read(route.body, body) : { type: request.headers['content-type'], bytes: body },
  };
  return errors.length === 0 ? ok(parts) : err(refuse('bad-request', { errors: errors.slice(0, 10) }));
}

/** The fields that an issue is about: one that no schema knows has its name in `keys`, and `path` leads to what holds it. */
function wrongFields(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...issue.path, key]) : [issue.path];
  return paths.map(path => ({ path: path.join('.').slice(0, MOST_PATH), message: issue.message }));
}

/** A name that a client made up is not repeated to its end, in characters. */
const MOST_PATH = 100;

/** Below this gzip is longer than what it says, in bytes. */
const WORTH_GZIP = 1_024;
const gzipped = promisify(gzip);

/** Large answers, gzipped where the client takes that. */
async function sendCompressed(request: Request, response: Response, reply: Extract<Reply, { kind: 'answer' }>) {
  const text = JSON.stringify(reply.body);
  response.set(reply.headers ?? {}).vary('Accept-Encoding');
  if (text.length < WORTH_GZIP || request.acceptsEncodings('gzip') === false) {
    response.type('json').send(text);
    return;
  }
  const bytes = await gzipped(text);
  response.set('Content-Encoding', 'gzip').type('json').send(bytes);
}

/** Writes a reply. Express gives JSON an ETag and answers a matching `If-None-Match` with 304. */
function sendReply(response: Response, reply: Reply, status = 200): void {
  response.set(reply.headers ?? {});
  switch (reply.kind) {
    case 'answer':
      response.status(status).json(reply.body);
      return;
    case 'bytes':
      response.type(reply.type).send(Buffer.from(reply.bytes));
      return;
    case 'done':
      response.status(204).end();
      return;
    case 'refused':
      sendProblem(response, problemOf(reply.type, reply.details));
  }
}
