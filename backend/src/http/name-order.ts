import { isIP } from 'node:net';
import { canonicalHost } from '../tls/host-name.ts';
import { isPublicDomain } from '../variables.ts';

const LOOPBACK = /^(localhost|127\.[\d.]+|::1)$/;
/** The installation's own name by mDNS, which leads here only while something answers for it. */
const MDNS = /^parley-[a-z]{4}\.local$/;

/** Whether a name leads nobody here who is elsewhere. `localName`: the name that mDNS answers for now. */
export const isOnlyHere = (name: string, localName: string | undefined): boolean =>
  LOOPBACK.test(name) || (MDNS.test(name) && name !== localName);

/**
 * The names of a certificate from the one to be told to people to the one of last resort: what mDNS answers for, public domains,
 * IPv4, IPv6, other names (which not every router resolves), and what leads nobody here. Those of a kind keep their order, so that
 * what HOSTS names stands before what was found.
 * @param names as a certificate has them; patterns with a star name nothing and are left out
 * @param localName the name that mDNS answers for now
 */
export function inOrder(names: readonly string[], localName: string | undefined): string[] {
  const rank = (name: string): number => {
    if (name === localName) return 0;
    if (isOnlyHere(name, localName)) return MDNS.test(name) ? 5 : name === 'localhost' ? 6 : 7;
    if (isIP(name) !== 0) return isIP(name) === 4 ? 2 : 3;
    return isPublicDomain(`https://${name}`) ? 1 : 4;
  };
  const spelled = names.filter(name => canonicalHost(name) !== undefined);
  return spelled.sort((one, other) => rank(one) - rank(other));
}
