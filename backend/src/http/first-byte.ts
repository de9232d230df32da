import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** A socket that says nothing is closed after this, in ms: HTTP's own limits begin with its first byte. */
const FIRST_BYTE_MS = 10_000;

/**
 * Tells HTTP from STUN and TURN on one port by the first byte (after TLS, where there is TLS): a STUN message begins with two bits of
 * zero and its first request with 0x00 (RFC 8489, 5), no method of HTTP does.
 * @param other takes a socket whose first byte is none of HTTP
 * @returns ends the sockets that HTTP does not know of, for a server that is to close
 */
export function splitByFirstByte(
  server: Server | HttpsServer,
  other: (socket: Socket) => void,
  firstByteMs = FIRST_BYTE_MS,
): () => void {
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  const http = server.listeners(event);
  const apart = new Set<Socket>();
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    const end = () => void socket.destroy();
    const tooLate = setTimeout(end, firstByteMs);
    apart.add(socket);
    socket.on('error', end).once('close', () => {
      clearTimeout(tooLate);
      apart.delete(socket);
    });
    socket.once('data', (bytes: Buffer) => {
      clearTimeout(tooLate);
      socket.pause();
      socket.unshift(bytes);
      const isHttp = (bytes[0] ?? 0) > 0x01;
      if (isHttp) {
        apart.delete(socket);
        socket.off('error', end);
        for (const listener of http) listener.call(server, socket);
      } else other(socket);
      socket.resume();
    });
  });
  return () => {
    for (const socket of apart) socket.destroy();
  };
}
