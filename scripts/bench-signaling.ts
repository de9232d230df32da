/**
 * What signaling costs, against the least it could: a relay that forwards what it gets. Both run in this one run, each
 * in a process of its own, so that the ratio means something on any machine. Prints; keeps nothing.
 */
import type { CallId, UserId } from '#protocol/ids';
import { seatFrame, SIZES, type Kind } from './bench-bodies.ts';
import { BenchServer, bareEnd, parleyEnd, type End } from './bench-client.ts';
import { quantile } from './bench-spread.ts';
import { newId } from '../backend/src/testing/new-id.ts';

const PAIRS = 100;
const ROUNDS = 14;
const SESSIONS = Number(process.argv[2] ?? 10_000);
/** How many frames are on their way between two ends at any time. */
const WINDOW = 4;
const FRAMES = { candidate: 12_000, offer: 8_000 };
/** Frames before anything is measured, until the code has been compiled. */
const WARM_UP = 25_000;
const GOALS = { candidate: 1.6, offer: 1.6, session: 3 };

type Side = { name: 'bare' | 'parley'; server: BenchServer; ends: End[]; bodies: Record<Kind, string>[] };

const bodiesFor = (receiverId: UserId, callId: CallId): Record<Kind, string> => ({
  candidate: JSON.stringify(seatFrame('candidate', receiverId, callId)),
  offer: JSON.stringify(seatFrame('offer', receiverId, callId)),
});

async function bareSide(): Promise<Side> {
  const server = await BenchServer.start('bare', 0);
  const ends = await Promise.all(Array.from({ length: PAIRS * 2 }, (_, i) => bareEnd(server, i)));
  const bodies = ends.map(() => bodiesFor(newId(), newId()));
  return { name: 'bare', server, ends, bodies };
}

async function parleySide(): Promise<Side> {
  const server = await BenchServer.start('parley', PAIRS * 2);
  const { users } = server.ready;
  const ends: End[] = [];
  const bodies: Side['bodies'] = [];
  for (let i = 0; i < PAIRS * 2; i += 2) {
    const [caller, callee] = [users[i], users[i + 1]];
    if (!caller || !callee) throw new Error('too few users');
    const callId = newId<CallId>();
    const [a, b] = await Promise.all([parleyEnd(server, caller), parleyEnd(server, callee)]);
    const invited = b.once('call.invited');
    a.write(JSON.stringify({ type: 'call.invite', receiverId: callee.userId, callId, media: 'video' }));
    await invited;
    const accepted = a.once('call.accepted');
    b.write(JSON.stringify({ type: 'call.accept', receiverId: caller.userId, callId }));
    await accepted;
    ends.push(a, b);
    bodies.push(bodiesFor(callee.userId, callId), bodiesFor(caller.userId, callId));
  }
  return { name: 'parley', server, ends, bodies };
}

/** CPU microseconds of the server for one routed frame: each end answers every frame with one of its own. */
async function cost({ server, ends, bodies }: Side, kind: Kind, frames: number): Promise<number> {
  const before = await server.usage();
  let [left, arrived] = [frames, 0];
  await new Promise<void>(resolve => {
    ends.forEach((end, i) => {
      const body = bodies[i]?.[kind] ?? '';
      const write = () => {
        if (left-- > 0) end.write(body);
      };
      end.onFrame = () => {
        if (++arrived === frames) resolve();
        else write();
      };
      for (let k = 0; k < WINDOW; k++) write();
    });
  });
  const after = await server.usage();
  return (after.cpuMicros - before.cpuMicros) / frames;
}

const verdict = (ratio: number, goal: number) =>
  `${ratio.toFixed(2)} × (goal ≤ ${String(goal)} ×) ${ratio <= goal ? 'reached' : 'MISSED'}`;

async function routed(): Promise<void> {
  const sides = [await bareSide(), await parleySide()];
  for (const kind of ['candidate', 'offer'] as const) {
    const costs = { bare: [] as number[], parley: [] as number[] };
    for (const side of sides) await cost(side, kind, WARM_UP);
    for (let round = 0; round < ROUNDS; round++) {
      for (const side of sides) costs[side.name].push(await cost(side, kind, FRAMES[kind]));
    }
    // The least of many rounds: whatever else the machine does only adds.
    const [bare, parley] = [Math.min(...costs.bare), Math.min(...costs.parley)];
    console.log(
      `routed ${kind} (${SIZES[kind]}): ${parley.toFixed(1)} µs CPU, bare relay ${bare.toFixed(1)} µs: ${verdict(parley / bare, GOALS[kind])}`,
    );
  }
  for (const { ends, server } of sides) {
    for (const end of ends) end.close();
    await server.stop();
  }
}

/** KiB of memory for one idle socket, and how long each took to be there, in ms. */
async function idle(
  server: BenchServer,
  connect: (i: number) => Promise<End>,
): Promise<{ kib: number; took: number[] }> {
  const ends: End[] = [];
  const took: number[] = [];
  for (let i = 0; i < 200; i++) ends.push(await connect(i));
  const before = await server.usage();
  while (ends.length < SESSIONS + 200) {
    const batch = Array.from({ length: 50 }, async (_, i) => {
      const start = performance.now();
      const end = await connect(ends.length + i);
      took.push(performance.now() - start);
      return end;
    });
    ends.push(...(await Promise.all(batch)));
  }
  const after = await server.usage();
  for (const end of ends) end.close();
  await server.stop();
  return { kib: (after.bytes - before.bytes) / 1024 / SESSIONS, took };
}

async function sessions(): Promise<void> {
  const relay = await BenchServer.start('bare', 0);
  const bare = await idle(relay, i => bareEnd(relay, i));
  const server = await BenchServer.start('parley', SESSIONS + 250);
  const own = await idle(server, i => {
    const user = server.ready.users[i];
    if (!user) throw new Error('too few users');
    return parleyEnd(server, user);
  });
  console.log(
    `idle session at ${String(SESSIONS)}: ${own.kib.toFixed(1)} KiB, bare socket ${bare.kib.toFixed(1)} KiB: ${verdict(own.kib / bare.kib, GOALS.session)}`,
  );
  const at = (share: number) => quantile(own.took, share).toFixed(0);
  console.log(`socket to welcome, 50 at a time: ${at(0.5)} ms at the median, ${at(0.95)} ms for 95 of 100`);
}

await routed();
await sessions();
