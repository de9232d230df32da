/**
 * A large file from device to device: how fast it goes beside a bare data channel of the same browsers, and that it arrives as
 * it was sent where its link breaks in the middle. Prints; keeps nothing.
 *   node frontend/e2e/proof-files.ts [megabytes]
 */
import { createHash, randomFillSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

const MEGABYTES = Number(process.argv[2] ?? 100);
/** As a part of what a bare channel does. */
const GOAL = 0.6;

declare global {
  interface Window {
    connections: RTCPeerConnection[];
    bareChannel: { describe: (remote: string | null) => Promise<string>; send: (megabytes: number) => Promise<number> };
  }
}

/** Runs in the page, before the app: its peer connections can be found. */
function rememberConnections(): void {
  const Native = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      window.connections.push(this);
    }
  };
}

/** Runs in the page: one end of a bare data channel, described whole (no trickling). */
function bareEnd(): void {
  const pc = new RTCPeerConnection();
  const channel = pc.createDataChannel('bare', { negotiated: true, id: 1 });
  channel.binaryType = 'arraybuffer';
  let heard = 0;
  channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    heard += data.byteLength;
    if (heard % (1024 * 1024) === 0) channel.send(new ArrayBuffer(1));
  };
  const describe = async (remote: string | null): Promise<string> => {
    if (remote !== null) await pc.setRemoteDescription(JSON.parse(remote) as RTCSessionDescriptionInit);
    if (pc.signalingState === 'stable' && remote !== null) return '';
    await pc.setLocalDescription();
    while (pc.iceGatheringState !== 'complete') await new Promise(resolve => setTimeout(resolve, 20));
    return JSON.stringify(pc.localDescription);
  };
  const send = async (megabytes: number): Promise<number> => {
    while (channel.readyState !== 'open') await new Promise(resolve => setTimeout(resolve, 20));
    channel.bufferedAmountLowThreshold = 256 * 1024;
    const piece = new Uint8Array(32 * 1024);
    let confirmed = 0;
    const done = new Promise<void>(resolve => {
      channel.onmessage = () => (confirmed += 1) === megabytes && resolve();
    });
    const start = performance.now();
    for (let sent = 0; sent < megabytes * 32; sent += 1) {
      if (channel.bufferedAmount > 1024 * 1024) {
        await new Promise(resolve => channel.addEventListener('bufferedamountlow', resolve, { once: true }));
      }
      channel.send(piece);
    }
    await done;
    return performance.now() - start;
  };
  window.bareChannel = { describe, send };
}

/** @returns ms for so many megabytes over a bare channel */
async function bare({ server, mira, jonas }: TwoPeople, megabytes: number): Promise<number> {
  const open = async ({ browser, name }: Person): Promise<Page> => {
    const { page } = await Person.at(browser, server.origin, name, { bypassCSP: true });
    await page.goto(`${server.origin}/api/installation`);
    await page.evaluate(bareEnd);
    return page;
  };
  const [from, to] = await Promise.all([open(mira), open(jonas)]);
  const offer = await from.evaluate(() => window.bareChannel.describe(null));
  const answer = await to.evaluate(remote => window.bareChannel.describe(remote), offer);
  await from.evaluate(remote => window.bareChannel.describe(remote), answer);
  const took = await from.evaluate(count => window.bareChannel.send(count), megabytes);
  await Promise.all([from.context().close(), to.context().close()]);
  return took;
}

const sheet = ({ page }: Caller) => page.locator('parley-files-sheet');

/** Mira offers the file, Jonas takes it and saves it. @returns ms from taking it to having it, and the SHA-256 of what was saved */
async function transfer(mira: Caller, jonas: Caller, path: string, disturb?: () => Promise<void>) {
  await sheet(mira).locator('input[type=file]').setInputFiles(path);
  const taking = sheet(jonas).getByRole('button', { name: 'Take it' });
  await taking.waitFor();
  const before = await sheet(jonas).getByText('Here, whole and checked').count();
  const start = performance.now();
  await taking.click();
  await disturb?.();
  await until(
    'it is there',
    () => sheet(jonas).getByText('Here, whole and checked').count(),
    count => count > before,
    600_000,
  );
  const took = performance.now() - start;
  const [download] = await Promise.all([
    jonas.page.waitForEvent('download'),
    sheet(jonas).getByRole('button', { name: 'Save' }).last().click(),
  ]);
  return { took, digest: await digestOf(await download.path()) };
}

const digestOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

const two = await TwoPeople.meet();
for (const { page } of [two.mira, two.jonas]) {
  await page.addInitScript(rememberConnections);
  await page.reload();
}
await Promise.all([two.mira.isLive(), two.jonas.isLive()]);
const folder = await mkdtemp(join(tmpdir(), 'parley-proof-'));
const path = join(folder, 'large.bin');
await writeFile(path, randomFillSync(Buffer.alloc(MEGABYTES * 1024 * 1024)));
const expected = await digestOf(path);

const reference = await bare(two, MEGABYTES);
const [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
await two.mira.openChat(two.jonas);
await mira.calls(two.jonas);
await jonas.isRung(two.mira);
await jonas.accepts();
await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
for (const caller of [mira, jonas]) {
  await caller.presses('Camera off');
  await caller.presses('More');
  await caller.page.getByRole('button', { name: 'Send a file' }).click();
}
const whole = await transfer(mira, jonas, path);
const cut = await transfer(mira, jonas, path, async () => {
  const moving = sheet(jonas).locator('progress').last();
  await until(
    'a part has come',
    () => moving.getAttribute('value'),
    value => Number(value) > (MEGABYTES * 1024 * 1024) / 4,
    120_000,
  );
  await mira.page.evaluate(() => window.connections.at(-1)?.close());
});
await rm(folder, { recursive: true });
const complaints = await two.part();

const rate = (ms: number): string => `${((MEGABYTES * 1.048_576) / (ms / 1_000)).toFixed(1)} MB/s`;
const ratio = reference / whole.took;
console.log(`${MEGABYTES} MiB by a bare channel: ${rate(reference)}`);
console.log(
  `from device to device: ${rate(whole.took)}, ${ratio.toFixed(2)} of it (goal ${GOAL}, ${ratio >= GOAL ? 'reached' : 'MISSED'})`,
);
console.log(`with a link that broke in the middle: ${(cut.took / 1_000).toFixed(1)} s`);
const same = whole.digest === expected && cut.digest === expected;
console.log(`SHA-256 ${same ? 'is the same, both times' : 'DIFFERS'}`);
for (const line of complaints) console.log(line);
process.exitCode = same ? 0 : 1;
