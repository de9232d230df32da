import type { IncomingMessage, RequestListener } from 'node:http';
import type { BlockList } from 'node:net';
import { TLSSocket } from 'node:tls';
import { isFrom, isLoopback } from './client-address.ts';
import { refuseUpgrade, type Upgrade } from './refuse-upgrade.ts';

/** What the nearest proxy wrote, which stands last; undefined where the socket is none of a proxy we trust. */
function written(request: IncomingMessage, header: string, trusted: BlockList): string | undefined {
  if (!isFrom(request, trusted)) return undefined;
  const said = [request.headers[header] ?? []].flat().join(',').split(',').pop()?.trim();
  return said === '' ? undefined : said;
}

/** The Host somebody called: `X-Forwarded-Host` of a trusted proxy that calls us by another name, else their own. */
export const hostOf = (request: IncomingMessage, trusted: BlockList): string | undefined =>
  written(request, 'x-forwarded-host', trusted) ?? request.headers.host;

/**
 * By which schemes a page may have come: `X-Forwarded-Proto` of a trusted proxy, else what the socket speaks.
 * @param isBehindProxy without TLS of our own both are possible where no proxy says which
 */
export function schemesOf(request: IncomingMessage, trusted: BlockList, isBehindProxy: boolean): string[] {
  const said = written(request, 'x-forwarded-proto', trusted)?.toLowerCase();
  if (said === 'https' || said === 'http') return [said];
  if (isBehindProxy) return ['https', 'http'];
  return [request.socket instanceof TLSSocket ? 'https' : 'http'];
}

/** The origin of the URL that the client requested: scheme by `schemesOf`, host and port by `hostOf`. */
export const originOf = (request: IncomingMessage, trusted: BlockList, isBehindProxy: boolean): string =>
  `${schemesOf(request, trusted, isBehindProxy)[0] ?? 'https'}://${hostOf(request, trusted) ?? 'localhost'}`;

/** Without TLS of our own only this machine and the proxies that speak it get the app: nobody else's words were sent safely. */
const isLetThrough = (request: IncomingMessage, trusted: BlockList): boolean =>
  isLoopback(request) || isFrom(request, trusted);

/** @param canonical where everybody else is sent */
export const onlyByProxy =
  (app: RequestListener, trusted: BlockList, canonical: () => string): RequestListener =>
  (request, response) => {
    if (isLetThrough(request, trusted)) return app(request, response);
    const text = `Parley is at ${canonical()}. On this port it answers its proxies alone: TRUSTED_PROXIES names them.\n`;
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(text);
  };

export const upgradeOnlyByProxy =
  (upgrade: Upgrade, trusted: BlockList): Upgrade =>
  (request, socket, head) =>
    isLetThrough(request, trusted) ? upgrade(request, socket, head) : refuseUpgrade(socket, 404);
