/**
 * What it costs to be several: what two seats tell each other from one process to another over Redis, and how long a
 * post takes to be durable and to come to the other person, a call to ring and a socket to be welcomed, per store and over
 * the bus, beside the same in one process with SQLite. Each is the whole server, in processes of its own. Prints; keeps nothing.
 */
import type { CallId, MessageId } from '#protocol/ids';
import { isThere, stopMongo } from '../backend/src/testing/mongo.ts';
import { endAll } from '../backend/src/testing/process.ts';
import { seatFrame, SIZES, type Kind } from './bench-bodies.ts';
import { embedded, several, type Couple, type Installation } from './bench-installations.ts';
import { spread } from './bench-spread.ts';
import { whereIs } from './tools.mjs';
import { newId } from '../backend/src/testing/new-id.ts';

const COUPLES = 20;
/** Frames of all couples together, and rounds of them; the cheapest counts: whatever else the machine does only adds. */
const FRAMES = { candidate: 6_000, offer: 4_000 };
const ROUNDS = 5;
/** How many frames, or posts, of a couple are on their way at any time. */
const WINDOW = 4;
/** How many frames and posts are said alone, to see how long one takes; and how many posts all at once. */
const ALONE = 300;
const POSTS = 4_000;
/** How many calls each couple places, and how often each opens a socket anew. */
const CALLS = 5;

type Call = Couple & { callId: CallId };

/** Resolves when the other person's line rings. */
async function place(couple: Couple): Promise<Call> {
  const [, callee] = couple.devices;
  const [callerLine, calleeLine] = couple.lines;
  const callId = newId<CallId>();
  callerLine.say({ type: 'call.invite', receiverId: callee.userId, callId, media: 'video' });
  await calleeLine.next('call.invited', invited => invited.callId === callId);
  return { ...couple, callId };
}

async function call(couple: Couple): Promise<Call> {
  const placed = await place(couple);
  const { devices, lines } = placed;
  lines[1].say({ type: 'call.accept', receiverId: devices[0].userId, callId: placed.callId });
  await lines[0].next('call.accepted');
  return placed;
}

/** From placing a call to the ring, one call after the other. */
async function rung({ name, couples }: Installation): Promise<void> {
  const took: number[] = [];
  for (const couple of Array.from({ length: CALLS }, () => couples).flat()) {
    const start = performance.now();
    const { callId, devices, lines } = await place(couple);
    took.push(performance.now() - start);
    lines[0].say({ type: 'call.hangup', receiverId: devices[1].userId, callId });
    await lines[1].next('call.ended', ended => ended.callId === callId);
  }
  console.log(`${name}: place to ring ${spread(took)}`);
}

/** From opening a socket to its welcome, one after the other; the lines there were are gone afterwards. */
async function welcomed({ name, couples, connect }: Installation): Promise<void> {
  const took: number[] = [];
  for (const { devices } of Array.from({ length: CALLS }, () => couples).flat()) {
    const start = performance.now();
    const line = await connect(devices[1]);
    took.push(performance.now() - start);
    line.cut();
  }
  console.log(`${name}: socket to welcome ${spread(took)}`);
}

/** Resolves when so many frames have gone from one seat to the other, by turns in each direction. */
async function route(kind: Kind, { devices, lines, callId }: Call, frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) {
    const [from, to] = i % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    const frame = seatFrame(kind, devices[to].userId, callId);
    lines[from].say(frame);
    await lines[to].next(frame.type);
  }
}

const windowed = (couples: readonly Couple[], work: (couple: number) => Promise<void>): Promise<unknown> =>
  Promise.all(couples.flatMap((_, couple) => Array.from({ length: WINDOW }, () => work(couple))));

/** CPU of all processes for one frame, in µs. */
async function cost(installation: Installation, kind: Kind, calls: readonly Call[]): Promise<number> {
  const costs: number[] = [];
  const each = FRAMES[kind] / COUPLES / WINDOW;
  for (let round = 0; round < ROUNDS; round++) {
    const before = await installation.cpuMicros();
    await windowed(calls, async i => calls[i] && route(kind, calls[i], each));
    costs.push(((await installation.cpuMicros()) - before) / FRAMES[kind]);
  }
  return Math.min(...costs);
}

async function routed(installation: Installation): Promise<void> {
  const calls = await Promise.all(installation.couples.map(call));
  const [first] = calls;
  if (!first) throw new Error('nobody is in a call');
  for (const kind of ['candidate', 'offer'] as const) {
    const micros = await cost(installation, kind, calls);
    const took: number[] = [];
    for (let i = 0; i < ALONE; i++) {
      const start = performance.now();
      await route(kind, first, 1);
      took.push(performance.now() - start);
    }
    console.log(
      `${installation.name}: routed ${kind} (${SIZES[kind]}) ${micros.toFixed(0)} µs CPU; alone ${spread(took)}`,
    );
  }
}

/** One post: when it was durable, which its writer is told, and when it came to the other person, in ms. */
async function post({ conversationId, lines: [line, other] }: Couple): Promise<{ durable: number; shown: number }> {
  const [id, start] = [newId<MessageId>(), performance.now()];
  const since = () => performance.now() - start;
  const data = JSON.stringify({ kind: 'text', body: 'Shall we meet at seven? The others come later.' });
  line.say({ type: 'chat.post', counts: true, id, conversationId, data });
  const [durable, shown] = await Promise.all([
    line.next('chat.posted', posted => posted.id === id).then(since),
    other.next('chat.message', ({ message }) => 'id' in message && message.id === id).then(since),
  ]);
  return { durable, shown };
}

async function posted({ name, couples }: Installation): Promise<void> {
  const [first] = couples;
  if (!first) throw new Error('nobody writes');
  const took: Awaited<ReturnType<typeof post>>[] = [];
  for (let i = 0; i < ALONE; i++) took.push(await post(first));
  console.log(`${name}: post to durable ${spread(took.map(({ durable }) => durable))}`);
  console.log(`${name}: post to the other person ${spread(took.map(({ shown }) => shown))}`);
  const start = performance.now();
  await windowed(couples, async i => {
    for (let k = 0; k < POSTS / COUPLES / WINDOW; k++) if (couples[i]) await post(couples[i]);
  });
  const rate = (POSTS / (performance.now() - start)) * 1_000;
  console.log(`${name}: ${rate.toFixed(0)} posts a second, each with the other person`);
}

async function measured(installation: Installation, parts: ((of: Installation) => Promise<void>)[]): Promise<void> {
  for (const part of parts) await part(installation);
  for (const { lines } of installation.couples) for (const line of lines) line.cut();
  await installation.end();
}

try {
  await measured(await embedded(COUPLES), [posted, rung, routed, welcomed]);
  if (!isThere) console.log('MongoDB and Redis: not measured, needs MONGO_URL or a mongod');
  else if (whereIs('redis') === undefined) console.log('MongoDB and Redis: not measured, needs redis-server');
  else {
    await measured(await several(1, COUPLES), [posted, rung]);
    await measured(await several(2, COUPLES), [posted, rung, routed, welcomed]);
  }
} finally {
  await endAll();
  await stopMongo();
}
