import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { addressKey, plainAddress } from '../ip-address.ts';
import type { RelayClient, RelaySwitch } from './switch.ts';

/** Answers in a second to clients that have no allocation: of one address, and of all. Their addresses may be forged. */
const STRANGERS = { perAddress: 50, all: 2_000 } as const;
/** Bytes that wait in the socket; what comes beyond is lost, as on any network. */
const MOST_WAITING = 1024 * 1_024;

/** STUN and TURN by UDP (RFC 8489, 6.2.1). */
export type Datagrams = {
  readonly port: number;
  /** Forgets clients whose allocation has ended; to be called every few seconds. */
  sweep(): void;
  close(): Promise<void>;
};

/**
 * Listens for STUN and TURN on one UDP port.
 * @param port 0 is a free one
 * @param address every one where it is undefined
 * @throws the socket's error, where the port is not to be had
 */
export async function openDatagrams(relay: RelaySwitch, port: number, address: string | undefined): Promise<Datagrams> {
  const socket = await bound(port, address);
  const clients = new Map<string, RelayClient>();
  const mayAsk = strangersLimit();
  socket.on('message', (bytes, from) => {
    const key = `${from.address} ${from.port}`;
    const known = clients.get(key);
    if (known === undefined && !mayAsk(addressKey(from.address))) return;
    const client = known ?? relay.client(pathTo(socket, from));
    client.receive(bytes);
    if (client.hasAllocation) clients.set(key, client);
    else clients.delete(key);
  });
  return {
    port: socket.address().port,
    sweep: () => {
      for (const [key, client] of clients) if (!client.hasAllocation) clients.delete(key);
    },
    close: () => new Promise(resolve => socket.close(() => resolve())),
  };
}

function pathTo(socket: Socket, { address, port }: RemoteInfo) {
  return {
    remote: { address: plainAddress(address), port },
    isStream: false,
    send: (bytes: Buffer) => {
      if (socket.getSendQueueSize() < MOST_WAITING) socket.send(bytes, port, address, () => {});
    },
  };
}

/** A limit that begins again each second. @returns whether an address, by its `addressKey`, may have one more answer */
export function strangersLimit(): (from: string) => boolean {
  const asked = new Map<string, number>();
  let [all, second] = [0, 0];
  return from => {
    const now = Math.trunc(performance.now() / 1_000);
    if (now !== second) {
      asked.clear();
      [all, second] = [0, now];
    }
    const count = (asked.get(from) ?? 0) + 1;
    if (count > STRANGERS.perAddress || all >= STRANGERS.all) return false;
    asked.set(from, count);
    all += 1;
    return true;
  };
}

/** A bound socket of both families, or of IPv4 alone where this machine has no other. */
async function bound(port: number, address: string | undefined): Promise<Socket> {
  const types =
    address === undefined ? (['udp6', 'udp4'] as const) : ([address.includes(':') ? 'udp6' : 'udp4'] as const);
  const [first, second] = types;
  try {
    return await bind(createSocket(first), port, address);
  } catch (error) {
    if (second === undefined || (error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw error;
    return bind(createSocket(second), port, address);
  }
}

function bind(socket: Socket, port: number, address: string | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', error => {
      socket.close();
      reject(error);
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners('error').on('error', () => {});
      resolve(socket);
    });
  });
}
