/** The relay of the benchmarks, by TLS, in the process that serves signaling. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { systemClock } from '../backend/src/clock.ts';
import { RelaySwitch } from '../backend/src/relay/switch.ts';
import { TurnStreams } from '../backend/src/relay/streams.ts';
import { openCertificates } from '../backend/src/tls/certificates.ts';

export const TURN_SECRET = 'a secret of the benchmark';

/**
 * @param directory where its certificates may be kept
 * @returns its port
 */
export async function serveTurn(directory: string): Promise<number> {
  const { cert, key } = await openCertificates({
    addresses: [],
    hosts: ['127.0.0.1'],
    directory,
    hostName: 'bench',
    now: Date.now(),
    notBefore: 0,
  });
  const streams = new TurnStreams(new RelaySwitch({ secret: TURN_SECRET, clock: systemClock, isSeated: () => true }));
  const server = createServer({ cert, key }, socket => streams.serve(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
