import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { environment, node, root } from './prepare.mjs';
import { add, countSpecs, LANES, runLanes } from './run-steps.mjs';

/** So many files that fail are a failed run, whether or not they pass alone: each is a fault to be found. */
const TOO_MANY_UNSTEADY = 3;

/**
 * Runs end-to-end files in lanes that keep their browsers from file to file; those that wait have a lane of their own beside the
 * others, because they leave the processor to them. A file that fails is run once more, with nothing beside it; where it passes it is
 * named `unsteady` and has not failed, unless there are too many of them. One that is `last` is left out where the time is up.
 * @param {{title: string, waits?: boolean, last?: boolean}[]} suites a step for each file
 * @param {{run?: typeof countSpecs, openBrowsers?: () => Promise<{endpoints: string, close: () => Promise<void>}>, say?: (line: string) => void, isLate?: () => boolean}} [parts]
 *   what a spec replaces
 * @returns {Promise<import('./run-steps.mjs').Counts>}
 */
export async function runEndToEnd(
  suites,
  { run = countSpecs, openBrowsers = laneBrowsers, say = console.log, isLate = () => false } = {},
) {
  const browsers = Array.from({ length: LANES + 1 }, () => undefined);
  const failed = [];

  /** A file that has failed may have left the browsers in any state: the next one gets others. */
  async function runIn(lane, suite) {
    browsers[lane] ??= await openBrowsers();
    const start = Date.now();
    const counts = {
      ...(await run(suite, { PARLEY_LANE_BROWSERS: browsers[lane].endpoints })),
      files: [[suite.title, Date.now() - start]],
    };
    if (counts.failed.length === 0) return counts;
    await browsers[lane].close();
    browsers[lane] = undefined;
    return counts;
  }

  const tryIn = async (lane, suite) => {
    if (suite.last && isLate()) return { ...add([]), leftOut: [suite.title] };
    const counts = await runIn(lane, suite);
    if (counts.failed.length === 0) return counts;
    failed.push({ suite, counts });
    return add([]);
  };
  const all = await Promise.all([
    runLanes(
      suites.filter(({ waits }) => !waits),
      (suite, lane) => tryIn(lane, suite),
    ),
    runLanes(
      suites.filter(({ waits }) => waits),
      suite => tryIn(LANES, suite),
      1,
    ),
  ]);
  await Promise.all(browsers.map(one => one?.close()));
  browsers.fill(undefined);

  for (const { suite, counts } of failed) {
    if (failed.length >= TOO_MANY_UNSTEADY) {
      all.push(counts);
      continue;
    }
    say(`\nOnce more, alone: ${suite.title}, after: ${counts.failed.join('; ')}`);
    const again = await runIn(LANES, suite);
    all.push(again.failed.length === 0 ? { ...again, unsteady: [suite.title] } : again);
  }
  await browsers[LANES]?.close();
  return add(all);
}

/** Starts the browsers of a lane in a process of their own. */
async function laneBrowsers() {
  const child = spawn(node(), [join('frontend', 'e2e', 'lane-browsers.ts')], {
    cwd: root,
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'close');
  const end = () => child.kill();
  process.once('exit', end);
  const endpoints = await new Promise((resolve, reject) => {
    child.stdout.once('data', chunk => resolve(String(chunk).trim()));
    void gone.then(() => reject(new Error('the browsers of a lane did not start')), reject);
  });
  return {
    endpoints,
    close: async () => {
      process.off('exit', end);
      child.stdin.end();
      const limit = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(limit);
    },
  };
}
