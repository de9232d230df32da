import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Config } from '../config.ts';
import { canonicalHost } from '../tls/host-name.ts';

/** By which names and addresses the installation may be called, and from which origins a browser may call it. */
export type Origins = {
  /** Whether the `Host` of a request is one of ours; on whatever port, for ports may be mapped. */
  knowsHost(request: IncomingMessage): boolean;
  /** Whether an `Origin` is the request's own, or the canonical one. */
  isOwn(origin: string, request: IncomingMessage): boolean;
  /** All of them, the canonical one first. */
  all(): string[];
};

export type OriginOptions = {
  config: Pick<Config, 'publicOrigin' | 'hosts' | 'tls'>;
  /** The names of the certificate that is served now. */
  names: () => readonly string[];
  /** Where each listener listens; https is undefined with `TLS=off`. */
  ports: () => { https: number | undefined; http: number };
};

const bracketed = (name: string): string => (name.includes(':') ? `[${name}]` : name);
/** The name in a `Host` (RFC 9110, 7.2), where an IPv6 address stands in brackets. */
const nameOf = (host: string): string | undefined => {
  const name = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(host);
  return canonicalHost(name?.[1] ?? name?.[2] ?? '')?.value;
};

export function createOrigins({ config, names, ports }: OriginOptions): Origins {
  const publicName = config.publicOrigin === undefined ? [] : [new URL(config.publicOrigin).hostname];
  const fixed = ['localhost', ...config.hosts, ...publicName].flatMap(
    name => canonicalHost(name.replace(/^\[(.*)\]$/, '$1'))?.value ?? [],
  );
  const known = (name: string): boolean => fixed.includes(name) || names().includes(name);
  const schemes = ({ socket }: IncomingMessage): string[] => {
    if (config.tls === 'off') return ['https', 'http'];
    return [socket instanceof TLSSocket ? 'https' : 'http'];
  };

  return {
    knowsHost: ({ headers: { host } }) => {
      const name = host === undefined ? undefined : nameOf(host);
      return name !== undefined && known(name);
    },
    isOwn: (origin, request) =>
      origin === config.publicOrigin ||
      schemes(request).some(scheme => origin === `${scheme}://${(request.headers.host ?? '').toLowerCase()}`),
    all: () => {
      const { https, http } = ports();
      const canonical = config.publicOrigin ?? (https === undefined ? [] : `https://localhost:${https}`);
      const secure = https === undefined ? [] : names().map(name => `https://${bracketed(name)}:${https}`);
      return [...new Set([canonical, ...secure, `http://localhost:${http}`].flat())];
    },
  };
}
