import { BlockList, isIP } from 'node:net';

export type PushHosts = {
  /** The entry this endpoint is allowed by; undefined where it is none of ours to ask. */
  entryFor(endpoint: string): string | undefined;
  /** Whether a listed name may have this address: any public one, and those that are listed themselves. */
  mayHave(address: string): boolean;
};

/** Which addresses given by clients are asked at all (security: push endpoints). */
export function createPushHosts(entries: readonly string[]): PushHosts {
  const names = entries.filter(entry => isIP(entry) === 0);
  const addresses = new Set(entries.filter(entry => isIP(entry) !== 0));
  return {
    entryFor: endpoint => {
      const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
      if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
      return names.find(entry => isNamed(url, entry));
    },
    mayHave: address => addresses.has(address.toLowerCase()) || isPublic(address),
  };
}

function isNamed({ hostname, port }: URL, entry: string): boolean {
  const [name = '', entryPort = ''] = entry.split(':');
  if (port !== (entryPort === '443' ? '' : entryPort)) return false;
  return name.startsWith('*.') ? hostname.endsWith(name.slice(1)) : hostname === name;
}

/** IPv4 addresses that lead nowhere public (RFC 6890, RFC 5737, RFC 5771). */
const NOT_PUBLIC = new BlockList();
for (const network of [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
].flatMap(line => line.split(' '))) {
  const [base = '', bits] = network.split('/');
  NOT_PUBLIC.addSubnet(base, Number(bits), 'ipv4');
}
/** Of IPv6, global unicast (RFC 4291, 2.4) without what carries or hides an IPv4 address, and documentation. */
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');
const NOT_GLOBAL = new BlockList();
NOT_GLOBAL.addSubnet('2001::', 23, 'ipv6');
NOT_GLOBAL.addSubnet('2001:db8::', 32, 'ipv6');
NOT_GLOBAL.addSubnet('2002::', 16, 'ipv6');

/** Whether an address is one of the public internet. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return isIP(address) === 6 && GLOBAL.check(address, 'ipv6') && !NOT_GLOBAL.check(address, 'ipv6');
}
