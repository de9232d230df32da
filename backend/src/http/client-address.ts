import { isIP, type BlockList } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { plainAddress } from '../ip-address.ts';
import { isPrivateAddress } from '../tls/name-constraints.ts';

const isIn = (known: BlockList, address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && known.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

/**
 * The address a request came from. `X-Forwarded-For` counts only as far as trusted proxies wrote it: from its end, the
 * first address that is none of theirs.
 */
export function clientAddress(request: IncomingMessage, trusted: BlockList): string {
  let address = plainAddress(request.socket.remoteAddress ?? '');
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  while (isIn(trusted, address)) {
    const before = plainAddress((forwarded.pop() ?? '').trim());
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** Whether the other end of a socket is one of `known`. */
export const isFrom = ({ socket }: IncomingMessage, known: BlockList): boolean =>
  isIn(known, plainAddress(socket.remoteAddress ?? ''));

/** Whether both ends of a socket are this machine's loopback. */
export const isLoopback = ({ socket }: Pick<IncomingMessage, 'socket'>): boolean =>
  [socket.remoteAddress, socket.localAddress].every(address => /^(127\.|::1$)/.test(plainAddress(address ?? '')));

/** Whether a request comes from a private, link-local or loopback address; through a proxy it is the proxy's. */
export function isFromNearby({ socket }: IncomingMessage): boolean {
  const address = plainAddress(socket.remoteAddress ?? '');
  return isIP(address) !== 0 && isPrivateAddress(address);
}
