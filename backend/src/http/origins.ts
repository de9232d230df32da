import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import { canonicalHost } from '../tls/host-name.ts';
import { networks } from '../variables.ts';
import { hostOf, schemesOf } from './forwarded.ts';
import { inOrder, isOnlyHere } from './name-order.ts';

/** By which names and addresses the installation may be called, and from which origins a browser may call it. */
export type Origins = {
  /** Whether the `Host` of a request is one of ours; on whatever port, for ports may be mapped. */
  knowsHost(request: IncomingMessage): boolean;
  /** Whether an `Origin` is the request's own, or the canonical one. */
  isOwn(origin: string, request: IncomingMessage): boolean;
  /** All of them, the canonical one first. They change with the certificate and with what mDNS answers. */
  all(): string[];
  /** The one to be shown and written into invitations: `PUBLIC_ORIGIN`, else the `.local` name, else an address. */
  canonical(): string;
  /** Those that lead others here, best first: without loopback, and without a `.local` name that nothing answers for. */
  reachable(): string[];
  /** The best one that is an address, for a phone that cannot resolve the canonical name; undefined where there is none. */
  byAddress(): string | undefined;
  /**
   * The welcome page on plain http, where a device begins that does not trust the certificate yet: by an address, which
   * every device finds. Undefined where nobody else can come, or a proxy speaks https.
   */
  welcome(): string | undefined;
};

export type OriginOptions = {
  config: Pick<Config, 'publicOrigin' | 'hosts' | 'tls' | 'trustedProxies'>;
  /** The names of the certificate that is served now. */
  names: () => readonly string[];
  /** The `.local` name that mDNS answers for now. */
  localName?: (() => string | undefined) | undefined;
  /** Where each listener listens; https is undefined with `TLS=off`. */
  ports: () => { https: number | undefined; http: number };
};

const bracketed = (name: string): string => (name.includes(':') ? `[${name}]` : name);
/** The name in a `Host` (RFC 9110, 7.2), where an IPv6 address stands in brackets. */
const nameOf = (host: string): string | undefined => {
  const name = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(host);
  return canonicalHost(name?.[1] ?? name?.[2] ?? '')?.value;
};
const nameIn = (origin: string): string => new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1');

/** Whether a certificate for `pattern` is one for `name`: a star stands for one label (RFC 9525, 6.3). */
const covers = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*.') && isIP(name) === 0 && name.replace(/^[^.]+/, '*') === pattern);

export function createOrigins({ config, names, localName = () => undefined, ports }: OriginOptions): Origins {
  const trusted = networks(config.trustedProxies);
  const publicName = config.publicOrigin === undefined ? [] : [nameIn(config.publicOrigin)];
  const fixed = ['localhost', ...config.hosts, ...publicName].flatMap(name => canonicalHost(name)?.value ?? []);
  const known = (name: string): boolean => fixed.includes(name) || names().some(pattern => covers(pattern, name));
  const secure = (): string[] => {
    const { https } = ports();
    if (https === undefined) return [];
    return inOrder(names(), localName()).map(name => `https://${bracketed(name)}:${https}`);
  };
  const all = () => [...new Set([config.publicOrigin ?? [], ...secure(), `http://localhost:${ports().http}`].flat())];
  const reachable = () =>
    all().filter(origin => origin === config.publicOrigin || !isOnlyHere(nameIn(origin), localName()));

  const byAddress = () => reachable().find(origin => isIP(nameIn(origin)) !== 0);

  return {
    knowsHost: request => {
      const host = hostOf(request, trusted);
      const name = host === undefined ? undefined : nameOf(host);
      return name !== undefined && known(name);
    },
    isOwn: (origin, request) => {
      const host = (hostOf(request, trusted) ?? '').toLowerCase();
      const schemes = schemesOf(request, trusted, config.tls === 'off');
      return origin === config.publicOrigin || schemes.some(scheme => origin === `${scheme}://${host}`);
    },
    all,
    canonical: () => all()[0] ?? '',
    reachable,
    byAddress,
    welcome: () => {
      const best = byAddress() ?? reachable()[0];
      return best === undefined || config.tls === 'off' ? undefined : plainOf(best, ports().http);
    },
  };
}

/** The same host on the port of plain http. */
export const plainOf = (origin: string, httpPort: number): string => `http://${new URL(origin).hostname}:${httpPort}`;

/** Where a link for others leads: the best origin first, and an address for a phone that cannot resolve its name. */
export const linkOrigins = (origins: Pick<Origins, 'reachable' | 'canonical' | 'byAddress'>): string[] => [
  ...new Set([origins.reachable()[0] ?? origins.canonical(), origins.byAddress() ?? []].flat()),
];
