import { isIPv6 } from 'node:net';

/** An address without its zone, and an IPv4 one as IPv4 where a socket of both families writes it as IPv6 (RFC 4291, 2.5.5.2). */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');

/** The 16 bytes of an IPv6 address in text (RFC 4291, 2.2), which may end in an IPv4 address or name its zone. */
export function bytesOfIpv6(address: string): Buffer {
  const plain = address.replace(/%.*$/, '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...four: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = four.slice(0, 4).map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  const bytes = Buffer.alloc(16);
  for (const [index, group] of groups.slice(0, 8).entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * index);
  return bytes;
}

/** As eight groups, without shortening. */
export const ipv6OfBytes = (bytes: Uint8Array): string =>
  Array.from({ length: 8 }, (_group, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  ).join(':');

/** By what an address is counted and limited: IPv4 whole, IPv6 by /64, which is what one household or machine has. */
export function addressKey(address: string): string {
  const plain = plainAddress(address);
  return isIPv6(plain) ? bytesOfIpv6(plain).toString('hex', 0, 8) : plain;
}
