import lighthouse from 'lighthouse';
import { pageFunctions } from 'lighthouse/core/lib/page-functions.js';
import { chromium, type Browser } from 'playwright-core';
import { executable, QUIET } from './chromium.ts';
import { freePort, ParleyServer } from './parley-server.ts';

/** Lighthouse's scores, 0 to 100, and what has cost points (the ids of its audits). */
export interface Scores {
  readonly performance: number;
  readonly accessibility: number;
  readonly bestPractices: number;
  readonly lost: readonly string[];
}

const CATEGORIES: readonly string[] = ['performance', 'accessibility', 'best-practices'];

/** So many times slower than the machine that measures is the phone that Lighthouse stands for (`mobileSlow4G`). */
const SLOWDOWN = 4;
/** From this benchmark index on a machine is as fast as Lighthouse takes it to be (its environment.js). */
const EXPECTED_INDEX = 1000;

/**
 * What Lighthouse gives a page in a fresh profile, as on a mid-range phone by mobile network (its default: simulated). A machine
 * that is slower than Lighthouse expects slows the page down less: the phone stays the same (its docs, throttling.md).
 * @param categories those that are left out have a score of 0
 */
export async function scoresOf(url: string, categories = CATEGORIES): Promise<Scores> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: executable(),
    args: [...QUIET, `--remote-debugging-port=${port}`],
  });
  try {
    const index = await warmUp(browser, url);
    const cpuSlowdownMultiplier = SLOWDOWN * Math.min(1, index / EXPECTED_INDEX);
    const settings = {
      port,
      onlyCategories: [...categories],
      logLevel: 'error',
      throttling: { cpuSlowdownMultiplier },
    };
    const result = await lighthouse(url, settings as Parameters<typeof lighthouse>[1]);
    if (!result) throw new Error('Lighthouse has found nothing');
    const { categories: given, audits } = result.lhr;
    const score = (name: string): number => Math.round((given[name]?.score ?? 0) * 100);
    const counted = Object.values(given).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
    const lost = counted.map(({ id }) => audits[id]).filter(audit => (audit?.score ?? 1) < 0.9);
    return {
      performance: score('performance'),
      accessibility: score('accessibility'),
      bestPractices: score('best-practices'),
      lost: lost.map(audit => `${audit?.id}: ${audit?.displayValue ?? audit?.score}`),
    };
  } finally {
    await browser.close();
  }
}

/**
 * A browser that has only just started still draws its own windows, and takes the processor from the page it is to measure.
 * @returns the benchmark index of this machine, as it is now
 */
async function warmUp(browser: Browser, url: string): Promise<number> {
  // In a profile of its own: Lighthouse's stays fresh.
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'networkidle' });
  const index = await page.evaluate(pageFunctions.computeBenchmarkIndex);
  await context.close();
  return index;
}

/** How often a page is measured: the makers of Lighthouse advise five, and the one in the middle. */
const RUNS = 5;

/**
 * Whether the performance in the middle of five runs is good enough. Three runs that agree say so already.
 * @param measure the performance of one run
 * @param least 0 to 100
 * @returns the runs that were made, the last of which has decided
 */
export async function judged(
  measure: () => Promise<number>,
  least: number,
): Promise<{ readonly runs: readonly number[]; readonly isGood: boolean }> {
  const most = Math.ceil(RUNS / 2);
  const runs: number[] = [];
  for (;;) {
    runs.push(await measure());
    const good = runs.filter(run => run >= least).length;
    if (good === most || runs.length - good === most) return { runs, isGood: good === most };
  }
}

/** `npm run lighthouse`: the first page a stranger sees, as built. Its speed depends on the machine that measures. */
if (import.meta.main) {
  const server = await ParleyServer.start();
  try {
    const runs: Scores[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await scoresOf(`${server.origin}/sign-in`));
    const scores = runs.toSorted((one, other) => one.performance - other.performance)[Math.floor(RUNS / 2)];
    console.log(runs.map(({ performance }) => performance).join(' '), scores);
    const isGood = scores && scores.performance >= 95 && scores.accessibility === 100 && scores.bestPractices === 100;
    if (!isGood) process.exitCode = 1;
  } finally {
    await server.dispose();
  }
}
