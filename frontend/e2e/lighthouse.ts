import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { executable, QUIET } from './chromium.ts';
import { freePort, ParleyServer } from './parley-server.ts';

/** Lighthouse's scores, 0 to 100, and what has cost points (the ids of its audits). */
export interface Scores {
  readonly performance: number;
  readonly accessibility: number;
  readonly bestPractices: number;
  readonly lost: readonly string[];
}

const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

/** What Lighthouse gives a page in a fresh profile, as on a mid-range phone by mobile network (its default: simulated). */
export async function scoresOf(url: string): Promise<Scores> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: executable(),
    args: [...QUIET, `--remote-debugging-port=${port}`],
  });
  try {
    const result = await lighthouse(url, { port, onlyCategories: CATEGORIES, logLevel: 'error' });
    if (!result) throw new Error('Lighthouse has found nothing');
    const { categories, audits } = result.lhr;
    const score = (name: string): number => Math.round((categories[name]?.score ?? 0) * 100);
    const counted = Object.values(categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0));
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

/** `npm run lighthouse`: the first page a stranger sees, as built. Its speed depends on the machine that measures. */
if (import.meta.main) {
  const server = await ParleyServer.start();
  try {
    const scores = await scoresOf(`${server.origin}/sign-in`);
    console.log(scores);
    const isGood = scores.performance >= 95 && scores.accessibility === 100 && scores.bestPractices === 100;
    if (!isGood) process.exitCode = 1;
  } finally {
    await server.dispose();
  }
}
