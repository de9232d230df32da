import { BlockList, isIPv4 } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from '@peculiar/asn1-x509';
import { canonicalHost, isPublicTopLevel } from './host-name.ts';
import { x509 } from './x509.ts';

/** What a root may vouch for: names with everything below them, and address ranges as `address/bits`. */
export interface Permitted {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** Names no public authority gives to anybody (RFC 6762, RFC 8375, ICANN's .internal, and .lan by custom). */
const privateNames = ['localhost', 'local', 'lan', 'home.arpa', 'internal'];

/** Private use, link-local and loopback (RFC 1918, RFC 3927, RFC 4193, RFC 4291). */
const privateRanges = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '127.0.0.0/8'],
  ...['fc00::/7', 'fe80::/10', '::1/128'],
];

/**
 * What a new root may vouch for: everything private, this machine's own name and what HOSTS adds. Phones that trust it are thus
 * safe from it anywhere else.
 * @param hostName this machine's; left out where it is also a public top-level domain
 * @param hosts names and addresses, in any spelling; what is neither is left out
 */
export function permittedFor(hostName: string, hosts: readonly string[]): Permitted {
  const added = [hostName, ...hosts].map(canonicalHost).filter(host => host !== undefined);
  const names = added.filter(host => host.kind === 'dns' && !isPublicTopLevel(host.value)).map(host => host.value);
  const addresses = added
    .filter(host => host.kind === 'ip')
    .map(host => `${host.value}/${isIPv4(host.value) ? '32' : '128'}`);
  return { dns: [...new Set([...privateNames, ...names])], ip: [...new Set([...privateRanges, ...addresses])] };
}

/** @returns whether a root with these constraints may vouch for a name or an address (RFC 5280, 4.2.1.10) */
export function isPermitted(permitted: Permitted, host: string): boolean {
  const known = canonicalHost(host);
  if (known === undefined) return false;
  if (known.kind === 'ip') return isInRanges(known.value, permitted.ip);
  return permitted.dns.some(name => known.value === name || known.value.endsWith(`.${name}`));
}

/** @param ranges as `address/bits` */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits] = range.split('/');
    list.addSubnet(network, Number(bits), familyOf(network));
  }
  return list.check(address, familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

/** Private, link-local or loopback. */
export const isPrivateAddress = (address: string): boolean => isInRanges(address, privateRanges);

/** @returns the critical extension that says so in a root's certificate */
export function constraintsExtension(permitted: Permitted): InstanceType<typeof x509.Extension> {
  const bases = [
    ...permitted.dns.map(dNSName => new GeneralName({ dNSName })),
    ...permitted.ip.map(iPAddress => new GeneralName({ iPAddress })),
  ];
  const permittedSubtrees = new GeneralSubtrees(bases.map(base => new GeneralSubtree({ base })));
  return new x509.Extension(
    id_ce_nameConstraints,
    true,
    AsnConvert.serialize(new NameConstraints({ permittedSubtrees })),
  );
}

/**
 * @param certificate a root's
 * @returns what it may vouch for; undefined where it is not constrained, or not in the way ours are
 */
export function permittedBy(certificate: InstanceType<typeof x509.X509Certificate>): Permitted | undefined {
  const extension = certificate.getExtension(id_ce_nameConstraints);
  if (extension?.critical !== true) return undefined;
  const { permittedSubtrees, excludedSubtrees } = AsnConvert.parse(extension.value, NameConstraints);
  if (permittedSubtrees === undefined || excludedSubtrees !== undefined) return undefined;
  const dns: string[] = [];
  const ip: string[] = [];
  for (const { base } of permittedSubtrees) {
    if (base.dNSName !== undefined) dns.push(base.dNSName);
    else if (base.iPAddress !== undefined) ip.push(base.iPAddress);
    else return undefined;
  }
  return dns.length > 0 && ip.length > 0 ? { dns, ip } : undefined;
}
