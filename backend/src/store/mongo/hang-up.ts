import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Connection, mongo } from 'mongoose';

/** Where Node tells of each socket, as it is made (`net.createConnection`, `tls.connect`). */
const SOCKETS = 'net.client.socket';

/**
 * Sees to it that whatever the driver does on a connection ends when the connection does, with an error of its own. As
 * it is (mongodb 7.8, `Connection.writeCommand`) it gives a connection out until its socket has closed, which is turns
 * of the event loop after the server has hung up, and where it cannot write it waits for a `drain`: what was asked
 * then failed with an error of Node's, or never ended, and kept its place in the pool.
 * @param connection one that has begun to open
 */
export function endWithConnections(connection: Connection): void {
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
  // Heard before the driver hears it: who waits for a drain then finds the connection closed.
  for (const end of ['error', 'close']) socket.once(end, () => socket.emit('drain'));
}
