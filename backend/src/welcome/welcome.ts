import { X509Certificate } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProblemType } from '#protocol/api/problem';
import { isFromNearby } from '../http/client-address.ts';
import type { Origins } from '../http/origins.ts';
import { problemOf } from '../http/problem.ts';
import type { PublicRoot } from '../tls/certificates.ts';
import { MARK } from './mark.ts';
import { mobileconfig } from './mobileconfig.ts';
import { welcomePage, type PageView } from './page.ts';
import { chooseSystem, needsSafari } from './systems.ts';
import { waysOn } from './ways-on.ts';
import { chooseLanguage } from './words.ts';

export type WelcomeOptions = {
  /** The installation's. */
  name: string;
  origins: Pick<Origins, 'knowsHost' | 'all' | 'reachable' | 'byAddress'>;
  /** The root to be trusted; undefined with one's own certificate. */
  root: () => PublicRoot | undefined;
  /** Where the build has left the page's script and styles. */
  directory: string;
};

type File = { readonly type: string; readonly body: string | Buffer; readonly headers?: Record<string, string> };

/** Plain http for devices that do not trust the installation yet: never the app, and never anything secret. */
export const createWelcome =
  (options: WelcomeOptions): RequestListener =>
  (request, response) => {
    const refusal = refusalOf(request, options.origins);
    if (refusal !== undefined) return refuse(response, refusal);
    fileOf(request, options).then(
      file => (file === undefined ? refuse(response, 'not-found') : send(response, file)),
      () => refuse(response, 'internal'),
    );
  };

/** Who may not: a stranger from the public internet (403), and whoever calls us by a name that is not ours (421). */
function refusalOf(request: IncomingMessage, origins: WelcomeOptions['origins']): ProblemType | undefined {
  if (!isFromNearby(request)) return 'forbidden';
  if (!origins.knowsHost(request)) return 'misdirected-request';
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : 'not-found';
}

async function fileOf(request: IncomingMessage, options: WelcomeOptions): Promise<File | undefined> {
  const url = URL.parse(`http://welcome${request.url ?? '/'}`);
  const built = (name: string, type: string) =>
    readFile(join(options.directory, name)).then(
      (body): File => ({ type, body }),
      () => undefined,
    );
  switch (url?.pathname) {
    case '/':
      return page(request, url.searchParams, options);
    case '/parley.crt':
    case '/parley.mobileconfig':
      return certificate(url, options);
    case '/welcome.js':
      return built('welcome.js', 'text/javascript; charset=utf-8');
    case '/welcome.css':
      return built('welcome.css', 'text/css; charset=utf-8');
    case '/mark.svg':
      return { type: 'image/svg+xml', body: MARK.text };
    default:
      return undefined;
  }
}

function page(request: IncomingMessage, query: URLSearchParams, { name, origins, root }: WelcomeOptions): File {
  const { host = '', 'accept-language': accepted, 'user-agent': userAgent } = request.headers;
  const { ask, certain } = waysOn(origins, host);
  const ours = root();
  const view: PageView = {
    name,
    ask,
    host: URL.parse(`http://${host}`)?.hostname ?? host,
    hasRoot: ours !== undefined,
    language: chooseLanguage(query.get('lang'), accepted),
    system: chooseSystem(query.get('system'), userAgent),
    chosen: query.has('system'),
    root: ours === undefined ? '' : commonNameOf(ours),
    leadsTo: `${certain}/sign-up`,
    missing: query.has('missing'),
    wrongBrowser: needsSafari(userAgent),
  };
  const headers = { 'Content-Security-Policy': policyFor(ask), Vary: 'Accept-Language, User-Agent' };
  return { type: 'text/html; charset=utf-8', body: welcomePage(view), headers };
}

/** As a phone lists it. */
const commonNameOf = ({ der }: PublicRoot): string =>
  /^CN=(.*)$/m.exec(new X509Certificate(der).subject)?.[1] ?? 'Parley';

/** The root as a file. Firefox takes it in at once where it is not sent as a download. */
function certificate({ pathname, searchParams }: URL, { name, root }: WelcomeOptions): File | undefined {
  const ours = root();
  if (ours === undefined) return undefined;
  const headers = { 'Content-Disposition': `attachment; filename="${pathname.slice(1)}"` };
  if (pathname === '/parley.mobileconfig') {
    return { type: 'application/x-apple-aspen-config', body: mobileconfig(name, ours), headers };
  }
  return { type: 'application/x-x509-ca-cert', body: ours.der, ...(searchParams.has('import') ? {} : { headers }) };
}

/** Content Security Policy knows no IPv6 addresses (CSP3, 2.3.1), so where one is asked every https address may be. */
const policyFor = (ask: readonly string[]): string =>
  [
    ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'"],
    `connect-src ${ask.some(origin => origin.includes('[')) ? 'https:' : ask.join(' ') || "'none'"}`,
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; ');

const send = (response: ServerResponse, { type, body, headers = {} }: File, status = 200): void =>
  void response.writeHead(status, { 'Cache-Control': 'no-store', ...headers, 'Content-Type': type }).end(body);

function refuse(response: ServerResponse, type: ProblemType): void {
  const problem = problemOf(type);
  const headers = { Connection: 'close' };
  send(response, { type: 'application/problem+json', body: JSON.stringify(problem), headers }, problem.status);
}
