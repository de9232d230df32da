import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { NetworkAddress } from './leaf-names.ts';

/** IFA_F_TEMPORARY of linux/if_addr.h. */
const temporaryFlag = 0x01;

/** @returns this machine's addresses now, loopback excluded */
export async function readAddresses(): Promise<NetworkAddress[]> {
  const flags = await readFile('/proc/net/if_inet6', 'utf8').catch(() => undefined);
  return addressesOf(networkInterfaces(), flags);
}

/**
 * Only Linux says which IPv6 addresses are temporary. Elsewhere the first address of a network's prefix counts as the lasting
 * one and those after it as temporary, which is the order in which systems list them.
 * @param interfaces of `os.networkInterfaces()`
 * @param flags the text of /proc/net/if_inet6, undefined where there is none
 */
export function addressesOf(
  interfaces: ReturnType<typeof networkInterfaces>,
  flags: string | undefined,
): NetworkAddress[] {
  const temporaries = flags === undefined ? undefined : temporariesOf(flags);
  const seen = new Set<string>();
  return Object.entries(interfaces).flatMap(([network, list]) =>
    (list ?? [])
      .filter(entry => !entry.internal)
      .map(({ address, family }) => {
        if (family === 'IPv4') return { network, address, temporary: false };
        const digits = digitsOf(address);
        const prefix = `${network} ${digits.slice(0, 16)}`;
        const temporary = temporaries?.has(digits) ?? seen.has(prefix);
        seen.add(prefix);
        return { network, address, temporary };
      }),
  );
}

function temporariesOf(flags: string): Set<string> {
  const rows = flags.split('\n').map(line => line.trim().split(/\s+/));
  return new Set(rows.filter(row => (parseInt(row[4] ?? '0', 16) & temporaryFlag) !== 0).map(row => row[0] ?? ''));
}

/** The 32 hex digits of an IPv6 address. */
function digitsOf(address: string): string {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].map(group => group.padStart(4, '0')).join('');
}
