import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Connection, mongo } from 'mongoose';

/** Where Node tells of each socket, as it is made (`net.createConnection`, `tls.connect`). */
const SOCKETS = 'net.client.socket';

/**
 * Closes each of the driver's sockets as soon as the server hangs up. The driver (mongodb 7.8) takes a connection for
 * good until its socket has closed, which is turns of the event loop later. What it is given in between fails with an
 * error of Node's own, or waits for ever for a `drain` (`Connection.writeCommand`), and keeps its place in the pool.
 * @param connection one that has begun to open
 */
export function closeWhereServersHangUp(connection: Connection): void {
  // There is none where the address cannot be read, of which opening says more.
  const client = connection.getClient() as mongo.MongoClient | undefined;
  // The driver makes the socket in the same turn in which it says that it makes a connection.
  client?.on('connectionCreated', () => {
    subscribe(SOCKETS, take);
    queueMicrotask(() => unsubscribe(SOCKETS, take));
  });
}

function take(message: unknown): void {
  unsubscribe(SOCKETS, take);
  const { socket } = message as { socket: Socket };
  socket.once('end', () => socket.destroy(new Error('the server has hung up')));
}
