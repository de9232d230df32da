import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { bareAnswer } from '../answer-headers.ts';

/** Takes a request for another protocol on its socket (RFC 9110, 7.8). */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Answers an upgrade with a status in place of one (RFC 6455, 4.2.2) and ends the socket. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(bareAnswer(status, 'Refused'));
}
