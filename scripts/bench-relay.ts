/**
 * What a relayed packet costs: the relay of the server beside coturn, which a framer brings from TCP to its UDP port, as one
 * port for everything would need it. Microseconds of processor per packet from one client to the other. Prints; keeps nothing.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallId, DeviceId, UserId } from '#protocol/ids';
import { systemClock } from '../backend/src/clock.ts';
import { turnCredentials } from '../backend/src/relay/credentials.ts';
import { TurnStreams } from '../backend/src/relay/streams.ts';
import { RelaySwitch } from '../backend/src/relay/switch.ts';
import { StreamClient } from '../backend/src/relay/testing/stream-client.ts';
import { lengthInStream } from '../backend/src/relay/stun-message.ts';
import { REALM } from '../backend/src/relay/turn-requests.ts';
import { whereIs } from './tools.mjs';

const SECRET = 'a secret of the benchmark';
const PACKETS = 20_000;
/** What a packet of video has. */
const BYTES = 1_100;
/** Packets at a time, every millisecond: a burst would be dropped by UDP. */
const AT_ONCE = 8;
const ROUNDS = 3;
/** What `/proc/<pid>/stat` counts in (`CLK_TCK` of Linux). */
const TICK_MICROS = 10_000;

/** As the child of this script: the relay, or the framer before a coturn. */
async function serve(kind: string, coturnPort: number): Promise<void> {
  const relay = new RelaySwitch({
    secret: SECRET,
    clock: systemClock,
    limits: { bytesPerSecond: 1e9 },
    isSeated: () => true,
  });
  const streams = new TurnStreams(relay);
  const server = createServer(socket => (kind === 'switch' ? streams.serve(socket) : frame(socket, coturnPort)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ micros: user + system });
  });
  process.send?.({ port: (server.address() as AddressInfo).port });
}

/** Cuts a stream into messages, and sends each as a datagram. */
function frame(socket: Socket, port: number): void {
  const relay = createSocket('udp4');
  let rest: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length < 4) return;
      const taken = lengthInStream(rest, 0);
      if (rest.length < taken) return;
      // A datagram may be padded, too (RFC 8656, 12.5).
      relay.send(rest.subarray(0, taken), port, '127.0.0.1');
      rest = rest.subarray(taken);
    }
  });
  relay.on('message', bytes => {
    const missing = (4 - (bytes.length % 4)) % 4;
    socket.write(missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]));
  });
  socket.on('error', () => {}).on('close', () => relay.close());
}

async function startCoturn(folder: string): Promise<{ port: number; child: ChildProcess }> {
  const port = 34_790;
  const child = spawn(
    whereIs('coturn') ?? '',
    [
      ...['-n', '--no-cli', '--log-file', 'stdout', '--no-tls', '--no-dtls', '--no-tcp', '--allow-loopback-peers'],
      ...['--listening-ip', '127.0.0.1', '--relay-ip', '127.0.0.1', '--listening-port', String(port)],
      ...['--realm', REALM, '--use-auth-secret', '--static-auth-secret', SECRET],
      ...['--userdb', join(folder, 'turn.sqlite'), '--pidfile', join(folder, 'turn.pid')],
    ],
    { stdio: 'ignore' },
  );
  await once(child, 'spawn');
  return { port, child };
}

const microsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
};

const told = async <T>(child: ChildProcess): Promise<T> => ((await once(child, 'message')) as [T])[0];

async function client(port: number, user: string): Promise<StreamClient> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const who = { userId: user as UserId, deviceId: user as DeviceId, callId: 'bench' as CallId };
  return new StreamClient(socket, turnCredentials(SECRET, who, Math.floor(Date.now() / 1_000) + 600));
}

/** @returns microseconds per packet, and the share that arrived */
async function measure(
  kind: 'switch' | 'framer',
  coturn?: { port: number; child: ChildProcess },
): Promise<[number, number]> {
  const child = fork(import.meta.filename, [kind, String(coturn?.port ?? 0)]);
  const { port } = await told<{ port: number }>(child);
  const [one, other] = [await client(port, 'a'), await client(port, 'b')];
  const [first, second] = [await one.allocate(), await other.allocate()];
  // coturn tells its real relayed address, the relay the one that leads nowhere.
  const address = kind === 'switch' ? undefined : '127.0.0.1';
  await Promise.all([one.bind(0x4000, second, address), other.bind(0x4000, first, address)]);
  const spent = async () => {
    child.send('cpu');
    const { micros } = await told<{ micros: number }>(child);
    return micros + (coturn?.child.pid === undefined ? 0 : microsOf(coturn.child.pid));
  };
  const before = await spent();
  const packet = Buffer.alloc(BYTES, 0x80);
  for (let sent = 0; sent < PACKETS; sent += AT_ONCE) {
    for (let count = 0; count < AT_ONCE; count++) one.sendByChannel(0x4000, packet);
    await new Promise(resolve => setTimeout(resolve, 1));
  }
  await new Promise(resolve => setTimeout(resolve, 500));
  const micros = ((await spent()) - before) / other.arrived.length;
  const share = other.arrived.length / PACKETS;
  for (const { socket } of [one, other]) socket.destroy();
  child.kill();
  return [micros, share];
}

async function compare(): Promise<void> {
  if (whereIs('coturn') === undefined) return console.log('relay: coturn is not there to compare with');
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-relay-'));
  const coturn = await startCoturn(folder);
  const best = { switch: Infinity, framer: Infinity };
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ['framer', 'switch'] as const) {
      const [micros, share] = await measure(kind, kind === 'framer' ? coturn : undefined);
      best[kind] = Math.min(best[kind], micros);
      if (share < 0.99) console.log(`  ${kind}: ${Math.round(share * 100)} % arrived`);
    }
  }
  coturn.child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
  const ratio = (best.switch / best.framer).toFixed(2);
  const [own, reference] = [best.switch, best.framer].map(micros => `${micros.toFixed(1)} µs`);
  console.log(`relayed packet: ${own}, ${ratio} × coturn behind a framer (${reference})`);
}

const [kind, port] = process.argv.slice(2);
if (kind === undefined) await compare();
else await serve(kind, Number(port));
