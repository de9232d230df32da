import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { ProblemType } from '#protocol/api/problem';
import { logFailure, passes } from '../store/store-error.ts';
import type { AppDeps } from './deps.ts';
import { mount } from './mount.ts';
import type { Origins } from './origins.ts';
import { problemOf, sendProblem } from './problem.ts';
import { requestLog } from './request-log.ts';
import { ROUTES } from './routes.ts';
import { sameOrigin, type OnRefused } from './same-origin.ts';
import { securityHeaders } from './security-headers.ts';
import { staticApp } from './static-app.ts';
import { trust, trustSteps } from './trust-routes.ts';

/** The whole HTTP interface; the order of these lines is the order in which a request meets them. */
export function createApp(deps: AppDeps, origins: Origins, onRefused: OnRefused): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(requestLog(deps.log));
  app.use(securityHeaders(deps.config.publicOrigin));
  app.use(sameOrigin(origins, onRefused));
  app.use('/api', neverStored);
  app.use(mount(deps, ROUTES));
  app.use('/api', notFound);
  app.get('/trust', trust);
  app.get('/trust/steps', trustSteps(origins));
  app.use(staticApp(deps.appDir));
  app.use(notFound);
  app.use(failed(deps));
  return app;
}

/**
 * Answers are one person's own, and a browser's disk cache outlives their session: whoever uses the browser next could read
 * them there without a token (`fetch` with `only-if-cached`).
 */
const neverStored: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

const notFound: RequestHandler = (_request, response) => sendProblem(response, problemOf('not-found'));

/** What went wrong on the way to a handler or in it; what is nobody's fault outside is logged and not told. */
const failed =
  ({ log }: AppDeps): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const type = typeOf(error);
    if (type === 'internal' || type === 'busy') {
      logFailure(log, error, 'a request failed', { method: request.method });
    }
    // What is left of a body that is too large is not worth reading.
    if (type === 'too-large') response.setHeader('Connection', 'close');
    sendProblem(response, problemOf(type, type === 'busy' ? { retryMs: 1_000 } : {}));
  };

const STATUS: Record<number, ProblemType> = { 413: 'too-large', 415: 'unsupported-media-type', 404: 'not-found' };

function typeOf(error: unknown): ProblemType {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  // A missing file of the app is an error of the system with a status.
  if (status >= 500 && passes(error)) return 'busy';
  return STATUS[status] ?? (status >= 400 && status < 500 ? 'bad-request' : 'internal');
}
