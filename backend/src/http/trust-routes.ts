import type { RequestHandler } from 'express';
import type { Origins } from './origins.ts';

/**
 * Whether a browser trusts the certificate: a page that gets this answer may lead on to https. Every page may ask, for the
 * welcome page is of another origin, and the answer says nothing about anybody.
 */
export const trust: RequestHandler = (_request, response) => {
  response
    .set('Access-Control-Allow-Origin', '*')
    .set('Cross-Origin-Resource-Policy', 'cross-origin')
    .set('Cache-Control', 'no-store')
    .sendStatus(204);
};

/**
 * Leads an app whose worker was refused back to the steps on plain http, by the name it was called. There are none where a
 * proxy speaks https.
 */
export const trustSteps =
  (origins: Origins): RequestHandler =>
  (request, response, next) => {
    const plain = origins.all().find(origin => origin.startsWith('http://'));
    const port = plain === undefined ? undefined : new URL(plain).port;
    if (port === undefined || !request.secure) return next();
    const host = URL.parse(`https://${request.headers.host ?? ''}`)?.hostname ?? '';
    response.set('Cache-Control', 'no-store').redirect(302, `http://${host}:${port}/?missing`);
  };
