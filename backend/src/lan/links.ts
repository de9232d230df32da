import type { networkInterfaces } from 'node:os';
import { isInRanges } from '../tls/name-constraints.ts';

/** One family of one network interface: multicast goes out and comes in there alone. */
export type Link = {
  readonly key: string;
  readonly family: 'IPv4' | 'IPv6';
  /** What a socket is told to send and listen on: an address, or `::%eth0`. */
  readonly through: string;
  /** The zone of link-local addresses there: `eth0`, or a number on Windows. */
  readonly zone: string;
  /** Networks as `address/bits` whose machines share the link. */
  readonly ranges: readonly string[];
  /** This machine's addresses there that others are told, both families. */
  readonly addresses: readonly string[];
};

type Entry = NonNullable<ReturnType<typeof networkInterfaces>[string]>[number];

/**
 * The links on which this machine can be found.
 * @param interfaces of `os.networkInterfaces()`
 * @param told the addresses that may be told: those the certificate names, so no VPN, no container's bridge, nothing public
 * @param platform decides how an interface is written (`process.platform`)
 */
export function linksOf(
  interfaces: ReturnType<typeof networkInterfaces>,
  told: readonly string[],
  platform: NodeJS.Platform,
): Link[] {
  return Object.entries(interfaces).flatMap(([network, list]) => {
    const entries = (list ?? []).filter(entry => !entry.internal);
    const addresses = entries.map(entry => entry.address).filter(address => told.includes(address));
    if (addresses.length === 0) return [];
    return (['IPv4', 'IPv6'] as const).flatMap(family => {
      const mine = entries.filter(entry => entry.family === family);
      const first = mine[0];
      if (first === undefined) return [];
      const zone = platform === 'win32' ? String(scopeOf(mine)) : network;
      const through = family === 'IPv4' ? first.address : `::%${zone}`;
      const ranges = mine.flatMap(({ cidr }) => cidr ?? []);
      return [{ key: `${network} ${family}`, family, through, zone, ranges, addresses }];
    });
  });
}

const scopeOf = (entries: readonly Entry[]): number =>
  entries.find(entry => entry.family === 'IPv6' && entry.scopeid !== 0)?.scopeid ?? 0;

/** Whether a packet came from a machine on the link and not through a router (RFC 6762, 11). */
export function isFromLink(source: string, { family, zone, ranges }: Link): boolean {
  const [address = '', from] = source.split('%');
  if (from !== undefined) return family === 'IPv6' && from === zone;
  const isSix = address.includes(':');
  if (isSix !== (family === 'IPv6')) return false;
  return isInRanges(address, ranges);
}
