import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { ProblemType } from '#protocol/api/problem';
import type { Origins } from './origins.ts';
import { problemOf, sendProblem } from './problem.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Why a request may not come in by the name it calls, or from the page it comes from: an unknown Host is none of ours
 * (421), and only our own pages may change anything (403), which is what keeps other sites from riding on the cookie.
 */
export function refusalOf(request: IncomingMessage, origins: Origins): ProblemType | undefined {
  if (!origins.knowsHost(request)) return 'misdirected-request';
  if (SAFE.has(request.method ?? '')) return undefined;
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined && !origins.isOwn(origin, request)) return 'forbidden';
  const sameOrigin = site === undefined ? origin !== undefined : site === 'same-origin';
  return sameOrigin ? undefined : 'forbidden';
}

/** The same for an upgrade, which every browser sends with its Origin (RFC 6455, 4.1); others have no cookie to ride on. */
export function upgradeRefusalOf(request: IncomingMessage, origins: Origins): ProblemType | undefined {
  if (!origins.knowsHost(request)) return 'misdirected-request';
  const { origin } = request.headers;
  return origin === undefined || origins.isOwn(origin, request) ? undefined : 'forbidden';
}

/** Hears of each request that came by a wrong name or from another page. */
export type OnRefused = (request: IncomingMessage, why: ProblemType) => void;

export const sameOrigin =
  (origins: Origins, onRefused: OnRefused): RequestHandler =>
  (request, response, next) => {
    const refusal = refusalOf(request, origins);
    if (refusal === undefined) return next();
    onRefused(request, refusal);
    sendProblem(response, problemOf(refusal));
  };
