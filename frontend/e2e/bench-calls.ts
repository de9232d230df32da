/**
 * How long people wait in a call: from placing it to the ring that is seen, and from accepting it to the first picture,
 * against a bare peer connection between the same browsers; and how long the picture stands still while a call moves to another
 * device of one of them and back. Prints; keeps nothing.
 *   node frontend/e2e/bench-calls.ts [calls]
 */
import type { Page } from 'playwright-core';
import { BenchServer } from '../../scripts/bench-client.ts';
import { quantile } from '../../scripts/bench-spread.ts';
import { bareEnd } from './bare-call.ts';
import { markCalls, takeMarks } from './call-marks.ts';
import { standstill } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND, WITH_WORKER } from './chromium.ts';
import { Person } from './person.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

/** Enough for 95 of 100 to be another than the slowest of all. */
const CALLS = Number(process.argv[2] ?? 40);
/** How often a call moves. */
const MOVES = 10;
/** ms: 95 of 100 rings; the median of pictures, beyond the bare one; the longest standstill of all moves. */
const GOALS = { rung: 150, framed: 250, moved: 2_000 };

async function ourCall({ mira, jonas }: TwoPeople): Promise<{ rung: number; framed: number }> {
  const [caller, callee] = [new Caller(mira), new Caller(jonas)];
  await caller.page.getByRole('button', { name: `Video call with ${jonas.name}` }).click();
  await callee.isRung(mira);
  await callee.accepts();
  const framed = () => callee.page.evaluate(() => window.marks.framed);
  await until('a first frame', framed, at => at > 0);
  const [placed, shown] = await Promise.all([takeMarks(caller.page), takeMarks(callee.page)]);
  await caller.hangsUp();
  await callee.reads('Call ended');
  await callee.closesOutcome();
  await Promise.all([caller.isFree(), caller.holdsNothing(), callee.holdsNothing()]);
  return { rung: shown.rung - placed.placed, framed: shown.framed - shown.accepted };
}

/** Two pages in the same browsers, in a secure context that runs nothing of ours. */
function barePages({ server, mira, jonas }: TwoPeople, port: number): Promise<[Page, Page]> {
  const open = async ({ browser, name }: Person, index: number) => {
    const { page } = await Person.at(browser, server.origin, name, { bypassCSP: true });
    await page.goto(`${server.origin}/api/installation`);
    await bareEnd(page, port, index);
    return page;
  };
  return Promise.all([open(mira, 0), open(jonas, 1)]);
}

async function bareCall([caller, callee]: [Page, Page]): Promise<number> {
  await caller.evaluate(() => window.bare.prepare());
  const took = await callee.evaluate(() => window.bare.accept());
  await Promise.all([caller, callee].map(page => page.evaluate(() => window.bare.close())));
  return took;
}

/** @returns for each move how long the picture stood still at the other end, ms */
async function movedCall(two: TwoPeople): Promise<number[]> {
  const [mira, jonas, tablet] = [two.mira, two.jonas, await two.another(two.jonas)].map(person => new Caller(person));
  if (!mira || !jonas || !tablet) throw new Error('three devices');
  await mira.calls(two.jonas);
  await jonas.isRung(two.mira);
  await jonas.accepts();
  const gaps: number[] = [];
  for (let [from, to] = [jonas, tablet]; gaps.length < MOVES; [from, to] = [to, from]) {
    await mira.sees(GROUND.jonas);
    const longest = await standstill(mira.page);
    await to.page.getByRole('button', { name: 'Move it here' }).click();
    await Promise.all([from.holdsNothing(), to.sees(GROUND.mira)]);
    await mira.seesMotion();
    gaps.push(await longest());
  }
  await mira.hangsUp();
  return gaps;
}

const verdict = (ms: number, goal: number): string =>
  `${ms.toFixed(0)} ms (goal ${goal.toFixed(0)}, ${ms <= goal ? 'reached' : 'MISSED'})`;

const two = await TwoPeople.meet({}, true, WITH_WORKER);
await Promise.all([two.mira, two.jonas].map(person => person.go('Contacts').then(() => markCalls(person.page))));
const relay = await BenchServer.start('bare', 0);
const pages = await barePages(two, relay.ready.port);
const times = { rung: [] as number[], framed: [] as number[], bare: [] as number[] };
// By turns: other work of the machine slows both down.
for (let done = 0; done < CALLS; done++) {
  const { rung, framed } = await ourCall(two);
  times.rung.push(rung);
  times.framed.push(framed);
  times.bare.push(await bareCall(pages));
}
await relay.stop();
const moved = await movedCall(two);
const { rung, framed, bare } = times;
const bareMedian = quantile(bare, 0.5);
console.log(
  `place to ring shown: ${quantile(rung, 0.5).toFixed(0)} ms at the median, p95 ${verdict(quantile(rung, 0.95), GOALS.rung)}`,
);
console.log(
  `accept to first remote frame: median ${verdict(quantile(framed, 0.5), bareMedian + GOALS.framed)}, bare peer connection ${bareMedian.toFixed(0)} ms`,
);
console.log(
  `move to another device: the picture stood still for ${quantile(moved, 0.5).toFixed(0)} ms at the median, at most ${verdict(Math.max(...moved), GOALS.moved)}`,
);
const complaints = await two.part();
if (complaints.length > 0) throw new Error(complaints.join('\n'));
