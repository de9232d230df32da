import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { isPublicDomain } from '../variables.ts';

const DIRECTIVES = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'media-src': ["'self'", 'blob:'],
  // Covers our own socket; a bare `wss:` would let injected script talk to anyone.
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  // An invited person's manifest is made in the page (installable-with.ts).
  'manifest-src': ["'self'", 'blob:'],
  'frame-src': ["'none'"],
  'form-action': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/**
 * The policy of a worker's script, which a browser takes in place of its page's (Content Security Policy Level 3, 4.4): it may compile
 * WebAssembly, which the page may not.
 */
export const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/**
 * What the app's own answers say beyond `ANSWER_HEADERS`: its policy, and HSTS. That covers every service of a host, so it is for public
 * domains alone. No default directives: `upgrade-insecure-requests` would break plain-http pages.
 */
export const securityHeaders = (publicOrigin: string | undefined): RequestHandler[] => [
  helmet.contentSecurityPolicy({ useDefaults: false, directives: DIRECTIVES }),
  ...(isPublicDomain(publicOrigin)
    ? [helmet.strictTransportSecurity({ maxAge: 31_536_000, includeSubDomains: false })]
    : []),
];
