/**
 * What relayed media costs signaling: how long a routed candidate takes while ten calls go through the relay of the same
 * process (20 clients by TLS, each 200 packets of 1,100 bytes a second), against the same without them, in turns. Prints; keeps
 * nothing.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:tls';
import type { CallId, DeviceId, UserId } from '#protocol/ids';
import { turnCredentials } from '../backend/src/relay/credentials.ts';
import { StreamClient } from '../backend/src/relay/testing/stream-client.ts';
import { newId } from '../backend/src/testing/new-id.ts';
import { seatFrame } from './bench-bodies.ts';
import { BenchServer, parleyEnd, type End } from './bench-client.ts';
import { TURN_SECRET } from './bench-turn.ts';

const CALLS = 10;
const BYTES = 1_100;
const PER_SECOND = 200;
/** How often a client sends: so many packets as are due by then. */
const EVERY_MS = 5;
const PAIRS = 10;
const FRAMES = 2_000;
/** Between two frames of all pairs together, in ms: about what ten people do who connect at once. */
const FRAME_EVERY_MS = 4;
const ROUNDS = Number(process.env['ROUNDS'] ?? 4);
const GOAL = 2;

/** As the child of this script: ten calls, which talk while they are told to. */
async function load(port: number): Promise<void> {
  const client = async (callId: string, user: string): Promise<StreamClient> => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const owner = { userId: user as UserId, deviceId: user as DeviceId, callId: callId as CallId };
    return new StreamClient(socket, turnCredentials(TURN_SECRET, owner, Math.floor(Date.now() / 1_000) + 600));
  };
  const clients: StreamClient[] = [];
  for (let call = 0; call < CALLS; call++) {
    const [one, other] = [await client(`bench-${call}`, `a${call}`), await client(`bench-${call}`, `b${call}`)];
    const [first, second] = [await one.allocate(), await other.allocate()];
    await Promise.all([one.bind(0x4000, second), other.bind(0x4000, first)]);
    clients.push(one, other);
  }
  const packet = Buffer.alloc(BYTES, 0x80);
  let [talking, sent, due, last] = [false, 0, 0, performance.now()];
  setInterval(() => {
    const now = performance.now();
    due += talking ? ((now - last) / 1_000) * PER_SECOND : 0;
    last = now;
    for (; due >= 1; due--)
      for (const one of clients) {
        one.sendByChannel(0x4000, packet);
        sent += 1;
      }
  }, EVERY_MS);
  process.on('message', (says: 'talk' | 'stop') => {
    talking = says === 'talk';
    const arrived = clients.reduce((sum, one) => sum + one.arrived.splice(0).length, 0);
    process.send?.({ sent, arrived });
    sent = 0;
  });
  process.send?.({ sent: 0, arrived: 0 });
}

type Carried = { sent: number; arrived: number };

async function pairs(server: BenchServer): Promise<{ from: End; to: End; body: string }[]> {
  const made: { from: End; to: End; body: string }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const [caller, callee] = [server.ready.users[2 * pair], server.ready.users[2 * pair + 1]];
    if (!caller || !callee) throw new Error('too few users');
    const callId = newId<CallId>();
    const [from, to] = await Promise.all([parleyEnd(server, caller), parleyEnd(server, callee)]);
    const invited = to.once('call.invited');
    from.write(JSON.stringify({ type: 'call.invite', receiverId: callee.userId, callId, media: 'video' }));
    await invited;
    const accepted = from.once('call.accepted');
    to.write(JSON.stringify({ type: 'call.accept', receiverId: caller.userId, callId }));
    await accepted;
    made.push({ from, to, body: JSON.stringify(seatFrame('candidate', callee.userId, callId)) });
  }
  return made;
}

/** @returns ms from each candidate's being written to its arrival at the other seat, sorted */
async function waits(all: Awaited<ReturnType<typeof pairs>>): Promise<number[]> {
  const took: number[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const pair = all[frame % all.length];
    if (!pair) break;
    const start = performance.now();
    pair.to.onFrame = () => void took.push(performance.now() - start);
    pair.from.write(pair.body);
    await new Promise(resolve => setTimeout(resolve, FRAME_EVERY_MS));
  }
  while (took.length < FRAMES) await new Promise(resolve => setTimeout(resolve, 5));
  return took.toSorted((one, other) => one - other);
}

async function compare(): Promise<void> {
  const server = await BenchServer.start('parley', PAIRS * 2);
  const child = fork(import.meta.filename, [String(server.ready.turnPort)]);
  await once(child, 'message');
  const told = async (what: 'talk' | 'stop'): Promise<Carried> => {
    child.send(what);
    return ((await once(child, 'message')) as [Carried])[0];
  };
  const all = await pairs(server);
  await waits(all); // Until the code has been compiled.
  const best = { without: Infinity, with: Infinity };
  const carried = { sent: 0, arrived: 0 };
  const cpu = { without: 0, with: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ['without', 'with'] as const) {
      const { cpuMicros: before } = await server.usage();
      if (kind === 'with') {
        await told('talk');
        await new Promise(resolve => setTimeout(resolve, 500));
      }
      best[kind] = Math.min(best[kind], (await waits(all))[Math.floor(FRAMES * 0.99)] ?? NaN);
      const { sent, arrived } = await told('stop');
      cpu[kind] += (await server.usage()).cpuMicros - before;
      carried.sent += sent;
      carried.arrived += arrived;
    }
  }
  for (const { from, to } of all) for (const end of [from, to]) end.close();
  child.kill();
  await server.stop();
  const micros = ((cpu.with - cpu.without) / carried.arrived).toFixed(1);
  const ratio = best.with / best.without;
  const share = Math.round((carried.arrived / carried.sent) * 100);
  console.log(
    `routed candidate, 99th of 100: ${best.without.toFixed(2)} ms, with ten relayed calls ${best.with.toFixed(2)} ms: ` +
      `${ratio.toFixed(2)} × (goal ≤ ${GOAL} ×) ${ratio <= GOAL ? 'reached' : 'MISSED'}; ${share} % of ${carried.sent} packets arrived, each for ${micros} µs of processor`,
  );
}

const [port] = process.argv.slice(2);
if (port === undefined) await compare();
else await load(Number(port));
