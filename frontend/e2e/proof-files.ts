/**
 * A large file goes from device to device in a call: once undisturbed, against a bare data channel between the same browsers, and
 * once while the path is cut in its middle. Both are saved, and their SHA-256 is compared with that of the file. Prints; keeps
 * nothing. The cut needs root and nftables: for its time this machine sends no UDP.
 *   npm run proof [-- megabytes]
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Page } from 'playwright-core';
import { whereIs } from '../../scripts/tools.mjs';
import { Caller } from './caller.ts';
import { Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

const MEGABYTE = 1_000_000;
const SIZE = Number(process.argv[2] ?? 100) * MEGABYTE;
/** Of the speed of a bare channel. */
const GOAL = 0.6;
/** Longer than ICE takes to call a path disconnected, ms. */
const CUT_MS = 8_000;

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

interface Bare {
  pc: RTCPeerConnection;
  channel: RTCDataChannel;
  received: number;
}
declare global {
  interface Window {
    bareChannel: Bare;
  }
}

/** @returns the description of this end, with all its candidates */
async function described(page: Page, other?: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
  return page.evaluate(async remote => {
    if (window.bareChannel === undefined) {
      const pc = new RTCPeerConnection();
      const channel = pc.createDataChannel('bare', { negotiated: true, id: 0 });
      channel.binaryType = 'arraybuffer';
      const bare: Bare = { pc, channel, received: 0 };
      channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => (bare.received += data.byteLength);
      window.bareChannel = bare;
    }
    const { pc } = window.bareChannel;
    if (remote) await pc.setRemoteDescription(remote);
    if (pc.signalingState === 'stable' && remote) return remote;
    await pc.setLocalDescription();
    while (pc.iceGatheringState !== 'complete') await new Promise(done => (pc.onicegatheringstatechange = done));
    return (pc.localDescription as RTCSessionDescription).toJSON();
  }, other);
}

/** @returns bytes a second through a channel with nothing of ours in it, in pieces as ours */
async function bareSpeed({ server, mira, jonas }: TwoPeople): Promise<number> {
  const [from, to] = await Promise.all(
    [mira, jonas].map(async ({ browser, name }) => {
      const { page } = await Person.at(browser, server.origin, name);
      await page.goto(`${server.origin}/api/installation`);
      return page;
    }),
  );
  if (!from || !to) throw new Error('no pages');
  const answer = await described(to, await described(from));
  await described(from, answer);
  const start = performance.now();
  await from.evaluate(async size => {
    const { channel } = window.bareChannel;
    if (channel.readyState !== 'open') await new Promise(done => (channel.onopen = done));
    const piece = new Uint8Array(64 * 1024);
    channel.bufferedAmountLowThreshold = 1024 * 1024;
    for (let sent = 0; sent < size; sent += piece.length) {
      if (channel.bufferedAmount > 4 * 1024 * 1024) await new Promise(done => (channel.onbufferedamountlow = done));
      channel.send(piece.subarray(0, size - sent));
    }
  }, SIZE);
  await until(
    'all of it is there',
    () => to.evaluate(() => window.bareChannel.received),
    received => received === SIZE,
  );
  const speed = (SIZE / (performance.now() - start)) * 1_000;
  await Promise.all([from, to].map(page => page.context().close()));
  return speed;
}

/**
 * Sends the file in the call that runs, and saves it.
 * @param meanwhile done once the other end has begun to take it
 * @returns how long it took, in ms, and the SHA-256 of what was saved
 */
async function send([from, to]: readonly [Caller, Caller], path: string, meanwhile?: () => Promise<void>) {
  const sheet = ({ page }: Caller) => page.locator('parley-files-sheet');
  await from.presses('More');
  await from.page.getByRole('button', { name: 'Send a file' }).click();
  await sheet(from).locator('input[type=file]').setInputFiles(path);
  await to.page.getByRole('button', { name: /offers you/ }).click();
  const start = performance.now();
  await sheet(to).getByRole('button', { name: 'Take it' }).click();
  await meanwhile?.();
  await sheet(to).getByText('Here, whole and checked').first().waitFor();
  const tookMs = performance.now() - start;
  const [download] = await Promise.all([
    to.page.waitForEvent('download'),
    sheet(to).getByRole('button', { name: 'Save' }).first().click(),
  ]);
  const hash = await hashOf(await download.path());
  for (const { page } of [from, to]) await page.keyboard.press('Escape');
  return { tookMs, hash };
}

/** No UDP leaves or reaches anything of this machine for a while. */
async function cut(): Promise<void> {
  const nft = (...args: string[]) => execFileSync(whereIs('nft') ?? 'nft', args);
  nft('add', 'table', 'inet', 'parley_proof');
  try {
    nft('add', 'chain', 'inet', 'parley_proof', 'out', '{ type filter hook output priority 0; }');
    nft('add', 'rule', 'inet', 'parley_proof', 'out', 'meta', 'l4proto', 'udp', 'drop');
    await new Promise(resolve => setTimeout(resolve, CUT_MS));
  } finally {
    nft('delete', 'table', 'inet', 'parley_proof');
  }
}

const folder = await mkdtemp(join(tmpdir(), 'parley-proof-'));
const two = await TwoPeople.meet();
try {
  const path = join(folder, 'film.bin');
  await writeFile(path, randomFillSync(Buffer.alloc(SIZE)));
  const wanted = await hashOf(path);
  const [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
  for (const { page } of [mira, jonas])
    await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await mira.calls(two.jonas, 'audio');
  await jonas.isRung(two.mira);
  await jonas.accepts();
  await mira.reads('Mute');
  const bare = await bareSpeed(two);
  const whole = await send([mira, jonas], path);
  const ours = (SIZE / whole.tookMs) * 1_000;
  // In its middle, by the speed that was just measured.
  const broken = await send([jonas, mira], path, async () => {
    await new Promise(resolve => setTimeout(resolve, whole.tookMs / 2));
    await cut();
  });
  const inMb = (speed: number) => (speed / MEGABYTE).toFixed(1);
  const isSame = [whole, broken].every(({ hash }) => hash === wanted);
  console.log(
    `${SIZE / MEGABYTE} MB: bare ${inMb(bare)} MB/s, ours ${inMb(ours)} MB/s, ${Math.round((ours / bare) * 100)} %; ` +
      `with ${CUT_MS / 1_000} s without a path ${(broken.tookMs / 1_000).toFixed(1)} s; SHA-256 ${isSame ? 'equal' : 'NOT equal'}`,
  );
  if (!isSame || ours < GOAL * bare) process.exitCode = 1;
  await mira.hangsUp();
} finally {
  await two.part();
  await rm(folder, { recursive: true });
}
