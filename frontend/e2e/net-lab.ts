import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { whereIs } from '../../scripts/tools.mjs';
import { pathOf } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND, plainLaunch } from './chromium.ts';
import {
  buildPerson,
  buildSecondWay,
  buildServersHouse,
  expectedPath,
  KINDS,
  originFor,
  removeNetworks,
  SERVER,
  type Kind,
  type Side,
} from './lab/networks.ts';
import { Person } from './person.ts';
import { trustIn } from './profile.ts';

/**
 * `npm run net-lab`: two people at every two kinds of network, each with a real browser, call each other by a server behind a
 * home router that forwards one port. Prints how each two meet, and how long after the accept the first picture comes.
 * `npm run net-lab -- symmetric,lan` tries those kinds alone; `npm run net-lab -- --changes=20` lets one of two people in a call change
 * networks instead, and prints when pictures come again.
 */

const MAIN = join(import.meta.dirname, '..', '..', 'backend', 'src', 'main.ts');
/** Whether two meet is judged, not how soon: a machine that has other work takes much longer. */
const PATIENCE_MS = 60_000;

/** What came of one pair. `path`: relayed when either end is. `firstFrameMs`: from the accept to a picture at the caller. */
type Outcome = {
  readonly a: Kind;
  readonly b: Kind;
  readonly path: 'direct' | 'relayed' | 'none';
  readonly firstFrameMs: number;
};

/** `firstFrameMs`: from the accept to pictures at both ends. */
type Met = { mira: Caller; jonas: Caller; firstFrameMs: number | undefined; close: () => Promise<void> };

/** The process starts again in a network of its own, which is the internet of the laboratory. */
function inOwnNetwork(): boolean {
  if (process.env['PARLEY_NET_LAB'] === 'inside') return true;
  const env = { ...process.env, PARLEY_NET_LAB: 'inside' };
  const again = spawnSync('unshare', ['-n', process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env });
  process.exitCode = again.status ?? 1;
  return false;
}

class Laboratory {
  readonly #folder: string;
  readonly #server: ChildProcess;
  #output = '';
  #people = 0;

  private constructor(folder: string, server: ChildProcess) {
    this.#folder = folder;
    this.#server = server;
  }

  static async open(): Promise<Laboratory> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-net-lab-'));
    const { server } = buildServersHouse();
    const child = spawn('ip', ['netns', 'exec', server, process.execPath, MAIN], {
      env: {
        ...process.env,
        DATA_DIR: join(folder, 'data'),
        CERTS_DIR: join(folder, 'certs'),
        HTTPS_PORT: String(SERVER.port),
        HTTP_PORT: '8080',
        HOSTS: `${SERVER.outside},${SERVER.ipv6}`,
        OPS_LISTEN: '127.0.0.1:0',
        SIGN_UP: 'open',
        MDNS: 'off',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const laboratory = new Laboratory(folder, child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        laboratory.#output += String(chunk);
        if (laboratory.#output.includes('"listening"')) resolve();
      });
      child.once('exit', () => reject(new Error(`the server stopped at its start:\n${laboratory.#output}`)));
    });
    // Browsers trust the root as a person makes their system trust it: TURN by TLS asks for it, too.
    await trustIn(folder, join(folder, 'certs', 'root.pem'));
    return laboratory;
  }

  /** Two people at networks of these kinds call each other once. */
  async call(a: Kind, b: Kind): Promise<Outcome> {
    const met = await this.#meet(a, b);
    try {
      if (met.firstFrameMs === undefined) return { a, b, path: 'none', firstFrameMs: PATIENCE_MS };
      const { mira, jonas } = met;
      await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira), mira.hears(), jonas.hears()]);
      const { local, remote } = await pathOf(mira.page);
      const path = [local, remote].includes('relay') ? 'relayed' : 'direct';
      return { a, b, path, firstFrameMs: met.firstFrameMs };
    } finally {
      await met.close();
    }
  }

  /**
   * The first of two people in a call changes networks, again and again.
   * @returns ms from each change until pictures come at both ends again
   */
  async changes(a: 'port-restricted' | 'symmetric', b: Kind, times: number): Promise<number[]> {
    const met = await this.#meet(a, b);
    try {
      if (met.firstFrameMs === undefined) throw new Error(`${a} and ${b} do not meet`);
      const move = buildSecondWay('a', 'symmetric');
      const pages = [met.mira.page, met.jonas.page];
      await Promise.all(pages.map(page => page.evaluate(recordFrames)));
      const waits: number[] = [];
      for (let count = 0; count < times; count++) {
        const changedAt = Date.now();
        move(count % 2 === 0 ? 'second' : 'first');
        const back = await Promise.all(pages.map(page => page.evaluate(framesBack, changedAt)));
        waits.push(Math.max(...back));
      }
      return waits;
    } finally {
      await met.close();
    }
  }

  /** A call between two new people. `firstFrameMs` is undefined where no picture comes in time. */
  async #meet(a: Kind, b: Kind): Promise<Met> {
    const browsers = await Promise.all([this.#browser('a', a, GROUND.mira), this.#browser('b', b, GROUND.jonas)]);
    const close = async () => void (await Promise.all(browsers.map(browser => browser.close())));
    try {
      const number = ++this.#people;
      const letters = String.fromCharCode(97 + Math.trunc(number / 26), 97 + (number % 26));
      const more = { ignoreHTTPSErrors: true };
      const first = await Person.at(browsers[0], originFor(a), `Mira ${letters}`, more);
      const second = await Person.at(browsers[1], originFor(b), `Jonas ${letters}`, more);
      await Promise.all([first.register(), second.register()]);
      await first.befriend(second);
      await Promise.all([first.comesIn(), second.comesIn()]);
      const [mira, jonas] = [new Caller(first), new Caller(second)];
      await mira.calls(second);
      await jonas.isRung(first);
      const pictures = [mira, jonas].map(({ page }) =>
        page.waitForFunction(hasPicture, undefined, { timeout: PATIENCE_MS }),
      );
      const start = performance.now();
      const firstFrameMs = Promise.all(pictures).then(
        () => Math.round(performance.now() - start),
        () => undefined,
      );
      await jonas.accepts();
      return { mira, jonas, firstFrameMs: await firstFrameMs, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#server.kill('SIGKILL');
    removeNetworks();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #browser(side: Side, kind: Kind, ground: number): Promise<Browser> {
    const space = buildPerson(side, kind);
    const launch = plainLaunch(ground);
    const script = join(this.#folder, `browser-${side}`);
    await writeFile(script, `#!/bin/sh\nexec ip netns exec ${space} ${launch.executablePath} "$@"\n`);
    await chmod(script, 0o755);
    return chromium.launch({ ...launch, executablePath: script, env: { ...process.env, HOME: this.#folder } });
  }
}

/** Runs in the page. */
const hasPicture = (): boolean =>
  (document.querySelector<HTMLVideoElement>('video.remote')?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 0;

declare global {
  interface Window {
    /** When pictures of the other were shown, in ms since the epoch. */
    shownAt: number[];
  }
}

/** Runs in the page. */
function recordFrames(): void {
  window.shownAt = [];
  const look = (): void => {
    const video = document.querySelector<HTMLVideoElement>('video.remote');
    if (video === null) return void requestAnimationFrame(look);
    video.requestVideoFrameCallback(() => {
      window.shownAt.push(Date.now());
      look();
    });
  };
  look();
}

/**
 * Runs in the page: waits for pictures that go on for a second after the network of one end was changed.
 * @returns ms from the change to the first of them; `PATIENCE_MS` where none comes
 */
async function framesBack(changedAt: number): Promise<number> {
  const GAP_MS = 700;
  const limit = changedAt + 30_000;
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, 100));
    const now = Date.now();
    const after = window.shownAt.filter(at => at > changedAt);
    // What was on its way at the change may still be shown: the first picture after the longest gap counts.
    const gaps = after.map((at, index) => ({ at, gap: at - (after[index - 1] ?? changedAt) }));
    const longest = gaps.reduce((most, one) => (one.gap > most.gap ? one : most), { at: 0, gap: 0 });
    const isOn = now - (after.at(-1) ?? 0) < GAP_MS && now - changedAt > 8_000;
    if (isOn) return longest.gap > GAP_MS ? longest.at - changedAt : longest.gap;
    if (now > limit) return 30_000;
  }
}

/** Every two of `kinds`, each once. */
const pairsOf = (kinds: readonly Kind[]): [Kind, Kind][] =>
  kinds.flatMap((one, index) => kinds.slice(index).map((other): [Kind, Kind] => [one, other]));

function table(outcomes: readonly Outcome[], kinds: readonly Kind[]): string[] {
  const of = (one: Kind, other: Kind) =>
    outcomes.find(({ a, b }) => (a === one && b === other) || (a === other && b === one));
  const cell = (outcome: Outcome | undefined) => {
    if (outcome === undefined) return '';
    return outcome.path === 'none' ? '**no**' : `${outcome.path} ${(outcome.firstFrameMs / 1_000).toFixed(1)}`;
  };
  return [
    `| | ${kinds.join(' | ')} |`,
    `| --- |${kinds.map(() => ' --- |').join('')}`,
    ...kinds.map(
      (row, index) =>
        `| ${row} | ${kinds.map((column, at) => (at < index ? '' : cell(of(row, column)))).join(' | ')} |`,
    ),
  ];
}

/** The 19th of 20: no more than one in twenty is slower. */
const p95 = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * 0.95) - 1] ?? 0;

async function tryPairs(laboratory: Laboratory, kinds: readonly Kind[]): Promise<boolean> {
  const outcomes: Outcome[] = [];
  for (const [a, b] of pairsOf(kinds)) {
    const outcome = await laboratory.call(a, b);
    outcomes.push(outcome);
    const expected = expectedPath(a, b);
    const surprise = outcome.path === expected ? '' : `, not ${expected} as expected`;
    console.log(`${a} – ${b}: ${outcome.path}, ${outcome.firstFrameMs} ms${surprise}`);
  }
  console.log(['', ...table(outcomes, kinds)].join('\n'));
  return outcomes.every(({ a, b, path }) => path === expectedPath(a, b));
}

/** Wi-Fi of a house to a mobile network and back, while the other end is at home or behind a symmetric NAT. */
async function tryChanges(laboratory: Laboratory, times: number): Promise<boolean> {
  let isSoon = true;
  for (const other of ['port-restricted', 'symmetric'] as const) {
    const waits = await laboratory.changes('port-restricted', other, times);
    isSoon &&= p95(waits) <= 3_000;
    console.log(
      `port-restricted ⇄ mobile, ${other}: pictures again after ${waits.join(', ')} ms; p95 ${p95(waits)} ms`,
    );
  }
  return isSoon;
}

/** What the command line names: kinds by commas, and how many changes of network (`--changes=20`). */
async function main(): Promise<void> {
  const [named = ''] = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
  const changes = Number(/--changes=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 0);
  const all = Object.keys(KINDS) as Kind[];
  const laboratory = await Laboratory.open();
  try {
    const isGood =
      changes > 0
        ? await tryChanges(laboratory, changes)
        : await tryPairs(laboratory, named === '' ? all : all.filter(kind => named.split(',').includes(kind)));
    process.exitCode = isGood ? 0 : 1;
  } finally {
    await laboratory.close();
  }
}

const missing = ['ip', 'nft', 'unshare'].filter(name => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
if (process.getuid?.() !== 0 || missing.length > 0 || whereIs('certutil') === undefined)
  console.log(
    `The laboratory needs root, and ip, nft, unshare and certutil; missing: ${missing.join(', ') || 'root or certutil'}.`,
  );
else if (inOwnNetwork()) await main();
