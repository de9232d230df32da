/**
 * A server is stopped and started again under many sessions and a running call: how long until 99 of 100 are back, and how
 * long the candidates of that call take meanwhile. The server is the whole one in a process of its own, by plain ws; its clients
 * come from 50 loopback addresses and wait as the app does. Prints one line; keeps nothing. With PROFILE=<folder> both servers
 * leave their profiles there, of the main thread and of the one that writes (`node --cpu-prof`).
 *
 * `node scripts/bench-reconnect.ts [sessions]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { CLOSE_CODES } from '#protocol/close-codes';
import type { CallId } from '#protocol/ids';
import { SOCKET_PATH, SUBPROTOCOL } from '#protocol/session-frames';
import { accessTokens } from '../backend/src/auth/tokens.ts';
import { systemClock as clock } from '../backend/src/clock.ts';
import { openSecrets } from '../backend/src/secrets/secrets.ts';
import { openSqliteStore } from '../backend/src/store/sqlite/sqlite-store.ts';
import { freePort } from '../backend/src/testing/free-port.ts';
import { newId } from '../backend/src/testing/new-id.ts';
import { People, type TestDevice } from '../backend/src/testing/people.ts';
import { startProcess, type Process } from '../backend/src/testing/processes.ts';
import { backoff } from '../frontend/src/app/signaling/backoff.ts';
import { seatFrame } from './bench-bodies.ts';

const SESSIONS = Number(process.argv[2] ?? 10_000);
const ADDRESSES = 50;
/** How many sockets are opened at once before the restart, where nothing is measured. */
const AT_ONCE = 100;
/** A candidate of the running call goes every so many ms. */
const EVERY_MS = 20;
/** A page in a call waits no longer between two attempts, ms (frontend/src/app/signaling/reconnecting-socket.ts). */
const IN_CALL_MOST_MS = 1_000;
/** A socket that is not open after this long is given up, ms (as there). */
const OPEN_MS = 10_000;
const GOALS = { backMs: 15_000, candidateMs: 250 };

/** How the types of frames begin that carry no number: ack, ping, presence. */
const UNNUMBERED = new Set(['ack', 'pin', 'pre']);

/** A page that stays connected, as far as the server can tell. */
class Page {
  readonly device: TestDevice;
  readonly calls: CallId[] = [];
  /** When its last welcome came, on the clock of `performance.now`. */
  welcomedAt = 0;
  onFrame: (text: string) => void = () => undefined;
  readonly #url: string;
  readonly #from: string;
  readonly #token: string;
  #socket: WebSocket | undefined;
  #welcomed = Promise.withResolvers<void>();
  #failures = 0;
  #spreadMs = 0;
  #sent = 0;
  #heard = 0;
  #isOver = false;

  constructor(device: TestDevice, port: number, number: number) {
    this.device = device;
    this.#token = device.token();
    this.#url = `ws://localhost:${port}${SOCKET_PATH}`;
    this.#from = `127.0.0.${2 + (number % ADDRESSES)}`;
  }

  get welcomed(): Promise<void> {
    return this.#welcomed.promise;
  }

  get isBack(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN && this.welcomedAt > 0;
  }

  connect(): void {
    const options = { perMessageDeflate: false, family: 4, localAddress: this.#from, handshakeTimeout: OPEN_MS };
    const socket = new WebSocket(this.#url, SUBPROTOCOL, options);
    this.#socket = socket;
    const hello = { type: 'hello', token: this.#token, ...(this.calls.length > 0 ? { calls: this.calls } : {}) };
    socket.on('open', () => socket.send(JSON.stringify(hello)));
    socket.on('message', (data: Buffer) => this.#read(data));
    socket.on('error', () => undefined);
    socket.on('close', code => {
      if (!this.#isOver) setTimeout(() => this.connect(), this.#waitMs(code));
    });
  }

  /** Says a frame with a number; the page must be welcomed. */
  say(frame: object): void {
    this.#socket?.send(JSON.stringify({ ...frame, n: ++this.#sent, ack: this.#heard }));
  }

  end(): void {
    this.#isOver = true;
    this.#socket?.terminate();
  }

  #read(data: Buffer): void {
    const kind = data.toString('latin1', 9, 12);
    if (kind === 'pin') this.#socket?.send(`{"type":"ack","upTo":${this.#heard}}`);
    if (UNNUMBERED.has(kind)) return;
    const text = data.toString();
    if (text.startsWith('{"type":"welcome"')) return this.#welcome();
    this.#heard++;
    if (text.startsWith('{"type":"server.restarting"')) {
      this.#spreadMs = Number(/"spreadMs":(\d+)/.exec(text)?.[1]);
      this.welcomedAt = 0;
      this.#welcomed = Promise.withResolvers<void>();
    } else this.onFrame(text);
  }

  #welcome(): void {
    [this.#sent, this.#heard, this.#failures] = [0, 0, 0];
    this.welcomedAt = performance.now();
    this.#socket?.send('{"type":"presence","visible":true}');
    this.#welcomed.resolve();
  }

  #waitMs(code: number): number {
    const isInCall = this.calls.length > 0;
    const wait = backoff(++this.#failures, Math.random(), isInCall ? IN_CALL_MOST_MS : undefined);
    const isSpread = code === CLOSE_CODES.restart.code && !isInCall;
    return isSpread ? Math.max(wait, Math.random() * this.#spreadMs) : wait;
  }
}

/** People in pairs of contacts, in a store that no server has open. */
async function peopleIn(directory: string, count: number): Promise<TestDevice[]> {
  const { accessTokenKey: key } = await openSecrets(join(directory, 'secrets'));
  const store = await openSqliteStore(directory);
  const tokens = accessTokens({ key, installation: (await store.installation()).id, clock });
  const people = new People({
    store: () => store,
    now: () => clock.now(),
    token: (userId, deviceId, family) => tokens.issue({ userId, deviceId, role: 'user', family, gen: 1 }),
  });
  const pairs = await Promise.all(
    Array.from({ length: count / 2 }, async (_, i) => {
      const pair = await Promise.all([people.person(`storm-${i}-a`), people.person(`storm-${i}-b`)]);
      await people.befriend(...pair);
      return pair;
    }),
  );
  await store.close();
  return pairs.flat();
}

/** Lets all of them come, some at a time. */
async function connectAll(pages: readonly Page[]): Promise<void> {
  for (let i = 0; i < pages.length; i += AT_ONCE) {
    const some = pages.slice(i, i + AT_ONCE);
    for (const page of some) page.connect();
    await Promise.all(some.map(page => page.welcomed));
  }
}

/** A call of two pages; answers with the ms that each candidate has taken, once `isOver`. */
async function callOf(a: Page, b: Page): Promise<CallId> {
  const callId = newId<CallId>();
  const heard = (page: Page, type: string) =>
    new Promise<void>(resolve => (page.onFrame = text => text.startsWith(`{"type":"${type}"`) && resolve()));
  const invited = heard(b, 'call.invited');
  a.say({ type: 'call.invite', receiverId: b.device.userId, callId, media: 'video' });
  await invited;
  const accepted = heard(a, 'call.accepted');
  b.say({ type: 'call.accept', receiverId: a.device.userId, callId });
  await accepted;
  for (const page of [a, b]) page.calls.push(callId);
  return callId;
}

/** One candidate after the other, from when both seats are back until `isOver`; answers with how long each took, ms. */
async function candidates(a: Page, b: Page, callId: CallId, isOver: () => boolean): Promise<number[]> {
  await Promise.all([a.welcomed, b.welcomed]);
  const frame = seatFrame('candidate', b.device.userId, callId);
  const took: number[] = [];
  while (!isOver()) {
    const start = performance.now();
    await new Promise<void>(resolve => {
      b.onFrame = text => text.startsWith('{"type":"call.ice-candidate"') && resolve();
      a.say(frame);
    });
    took.push(performance.now() - start);
    await new Promise(resolve => setTimeout(resolve, EVERY_MS));
  }
  return took;
}

const at = (all: readonly number[], share: number): number =>
  all.toSorted((one, other) => one - other)[Math.ceil(share * all.length) - 1] ?? NaN;

async function cpuSeconds({ ops }: Process): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}

async function storm(directory: string): Promise<void> {
  const env = {
    DATA_DIR: directory,
    TLS: 'off',
    HTTP_PORT: String(await freePort()),
    OPS_LISTEN: '127.0.0.1:0',
    LOG_LEVEL: 'info',
    ...(process.env['PROFILE'] && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env['PROFILE']}` }),
  };
  const devices = await peopleIn(directory, SESSIONS);
  const before = await startProcess(env);
  const pages = devices.map((device, i) => new Page(device, before.http, i));
  const [a, b] = pages;
  if (!a || !b) throw new Error('a call needs two sessions');
  await connectAll(pages);
  const callId = await callOf(a, b);

  before.run.process.kill('SIGTERM');
  await before.run.exit;
  const stopped = performance.now();
  const after = await startProcess(env);
  const listening = performance.now();
  const startCpu = await cpuSeconds(after);
  const load = loadavg()[0] ?? NaN;
  let isOver = false;
  const calling = candidates(a, b, callId, () => isOver);
  await Promise.all(pages.map(page => page.welcomed));
  isOver = true;
  const took = await calling;
  const cpu = (await cpuSeconds(after)) - startCpu;
  const back = pages.map(({ welcomedAt }) => welcomedAt - listening);
  for (const page of pages) page.end();
  after.run.process.kill('SIGTERM');
  await after.run.exit;

  const [backMs, candidateMs] = [at(back, 0.99), at(took, 0.99)];
  const isReached = backMs <= GOALS.backMs && candidateMs <= GOALS.candidateMs;
  console.log(
    [
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, load ${load.toFixed(1)}:`,
      `${SESSIONS} sessions, 99 of 100 back ${(backMs / 1_000).toFixed(1)} s after listening (goal ≤ ${GOALS.backMs / 1_000} s),`,
      `start ${((listening - stopped) / 1_000).toFixed(1)} s;`,
      `candidates of a running call meanwhile (${took.length}): ${at(took, 0.5).toFixed(0)} ms in the middle,`,
      `${candidateMs.toFixed(0)} ms at 99 of 100 (goal ≤ ${GOALS.candidateMs} ms);`,
      `server ${startCpu.toFixed(1)} s of processor for its start, then ${cpu.toFixed(1)} s, ${((cpu / SESSIONS) * 1_000).toFixed(2)} ms a session:`,
      isReached ? 'reached' : 'MISSED',
    ].join(' '),
  );
}

const directory = await mkdtemp(join(tmpdir(), 'parley-reconnect-'));
try {
  await storm(directory);
} finally {
  await rm(directory, { recursive: true });
}
