import { canonicalHost, isPublicTopLevel } from './host-name.ts';
import { isInRanges, isPermitted, isPrivateAddress, type Permitted } from './name-constraints.ts';

/** One address of this machine. */
export interface NetworkAddress {
  /** The interface's name as the system says it: `eth0`, `docker0`. */
  readonly network: string;
  readonly address: string;
  /** An IPv6 address that changes by the day (RFC 8981). */
  readonly temporary: boolean;
}

/** What a leaf names. */
export interface LeafNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/**
 * Why a name or address is not in the leaf: no phone at home reaches it (`public`, `tunnel`, `container`), it is gone tomorrow
 * (`temporary`), no browser could spell it (`not-a-name`), all the world ends in it (`top-level`), or the root was made before
 * it was there and may not vouch for it (`outside-root`).
 */
export type LeftOutReason =
  'public' | 'tunnel' | 'container' | 'temporary' | 'not-a-name' | 'top-level' | 'outside-root';

export interface LeftOut {
  readonly host: string;
  readonly reason: LeftOutReason;
}

export interface NameChoice {
  readonly names: LeafNames;
  readonly leftOut: readonly LeftOut[];
}

/** A certificate that names a hundred hosts serves nobody. */
const mostNames = 64;

/** Interfaces behind which only this machine's own containers and guests live. */
const containerNetwork =
  /^(docker|br-|veth|virbr|vnet|vmnet|vboxnet|lxc|lxd|incus|podman|cni|flannel|cali|cilium|bridge\d|vethernet)/i;

/** Interfaces that lead somewhere else: VPNs and other tunnels. */
const tunnelNetwork =
  /^(tun|tap|wg|utun|ppp|ipsec|tailscale|ts\d|zt|nordlynx|proton|mullvad|gre|sit|ip6tnl|he-ipv6|awdl|llw)/i;

/** Addresses of carriers, which VPNs such as Tailscale use as well (RFC 6598). */
const sharedRange = ['100.64.0.0/10'];

/** Without its zone, which is this machine's business and which no browser takes, such an address leads nowhere. */
const zonedRange = ['fe80::/10'];

/**
 * Decides what a leaf names. One name outside the root's constraints makes a leaf invalid for every name, so whatever is not
 * certain stays outside.
 * @param candidates this machine's name (and its name by mDNS), its addresses, and HOSTS, which wins over all reasons but the
 *   root's
 * @param permitted what the root may vouch for
 */
export function chooseNames(
  candidates: {
    readonly hostNames: readonly string[];
    readonly addresses: readonly NetworkAddress[];
    readonly hosts: readonly string[];
  },
  permitted: Permitted,
): NameChoice {
  const chosen = new Map<string, 'dns' | 'ip'>();
  const leftOut = new Map<string, LeftOutReason>();
  for (const text of ['localhost', '127.0.0.1', '::1', ...candidates.hosts, ...candidates.hostNames]) {
    const host = canonicalHost(text);
    const reason = reasonAgainstName(host, permitted);
    if (reason !== undefined) leftOut.set(host?.value ?? text, reason);
    else if (host && chosen.size < mostNames) chosen.set(host.value, host.kind);
  }
  for (const candidate of candidates.addresses) {
    if (chosen.has(candidate.address) || isInRanges(candidate.address, zonedRange)) continue;
    const reason = reasonAgainstAddress(candidate, permitted);
    if (reason !== undefined) leftOut.set(candidate.address, reason);
    else if (chosen.size < mostNames) chosen.set(candidate.address, 'ip');
  }
  return { names: namesOf(chosen), leftOut: [...leftOut].map(([host, reason]) => ({ host, reason })) };
}

function reasonAgainstName(host: ReturnType<typeof canonicalHost>, permitted: Permitted): LeftOutReason | undefined {
  if (host === undefined) return 'not-a-name';
  if (host.kind === 'dns' && isPublicTopLevel(host.value)) return 'top-level';
  return isPermitted(permitted, host.value) ? undefined : 'outside-root';
}

function reasonAgainstAddress(candidate: NetworkAddress, permitted: Permitted): LeftOutReason | undefined {
  const { network, address, temporary } = candidate;
  if (containerNetwork.test(network)) return 'container';
  if (tunnelNetwork.test(network) || isInRanges(address, sharedRange)) return 'tunnel';
  if (!isPrivateAddress(address)) return 'public';
  if (temporary) return 'temporary';
  return isPermitted(permitted, address) ? undefined : 'outside-root';
}

function namesOf(chosen: ReadonlyMap<string, 'dns' | 'ip'>): LeafNames {
  const of = (kind: 'dns' | 'ip') => [...chosen].filter(entry => entry[1] === kind).map(entry => entry[0]);
  return { dns: of('dns'), ip: of('ip') };
}

/** @returns whether two leaves would name the same, in whatever order */
export function sameNames(one: LeafNames, other: LeafNames): boolean {
  const text = ({ dns, ip }: LeafNames) => [...dns, ...ip].sort().join(' ');
  return text(one) === text(other);
}

const words: Record<LeftOutReason, string> = {
  public: 'public address',
  tunnel: 'VPN or tunnel',
  container: "container's or guest's bridge",
  temporary: 'temporary address',
  'not-a-name': 'neither a host name nor an address',
  'top-level': "the internet's own ending",
  'outside-root': 'came after the root was made, which cannot vouch for it',
};

/** @returns one sentence for the log, undefined where nothing was left out */
export function describeLeftOut(leftOut: readonly LeftOut[]): string | undefined {
  if (leftOut.length === 0) return undefined;
  return `Not in the certificate: ${leftOut.map(({ host, reason }) => `${host} (${words[reason]})`).join(', ')}.`;
}
