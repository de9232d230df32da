import type { RequestListener } from 'node:http';

const PERMISSIONS = ['camera', 'microphone', 'display-capture', 'fullscreen', 'screen-wake-lock']
  .map(feature => `${feature}=(self)`)
  .join(', ');

/**
 * The security headers of every response on every port: app, welcome page, error, upgrade. This is the only list;
 * a page that needs more than nothing sets a Content-Security-Policy of its own in place of this one.
 */
export const ANSWER_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Permissions-Policy': PERMISSIONS,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Download-Options': 'noopen',
  'X-Frame-Options': 'DENY',
  'X-Permitted-Cross-Domain-Policies': 'none',
} as const;

const ENTRIES = Object.entries(ANSWER_HEADERS);

/** The list as lines of a head that is written by hand (RFC 9112, 2.1), without the empty line at its end. */
export const headerLines = ENTRIES.map(([name, value]) => `${name}: ${value}`);

/** A whole answer without a body that ends its connection, for sockets that Node hands over as they are. */
export const bareAnswer = (status: number, reason: string): string =>
  [`HTTP/1.1 ${status} ${reason}`, 'Connection: close', 'Content-Length: 0', ...headerLines, '', ''].join('\r\n');

/** Puts the list on each answer before `listener` writes it. */
export const withAnswerHeaders =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    for (const [name, value] of ENTRIES) response.setHeader(name, value);
    listener(request, response);
  };
