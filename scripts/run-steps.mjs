import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, node, root, Stop } from './prepare.mjs';
import { whereIs } from './tools.mjs';

const MINUTE = 60_000;

/** Steps that run at once: most machines that run the tests have two cores. */
export const LANES = 2;

/**
 * What a step came to.
 * @typedef {object} Counts
 * @property {number} passed
 * @property {string[]} failed what failed, each with the first line of why and the last
 * @property {string[]} notRun what did not run, each with the reason
 * @property {string[]} leftOut files that were not begun because the time was up
 * @property {string[]} unsteady files that failed and then passed alone
 * @property {[string, number][]} files what each file took, in ms
 */
const NOTHING = { passed: 0, failed: [], notRun: [], leftOut: [], unsteady: [], files: [] };

/** @returns {Counts} */
export const add = all => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  ...Object.fromEntries(
    ['failed', 'notRun', 'leftOut', 'unsteady', 'files'].map(list => [list, all.flatMap(counts => counts[list] ?? [])]),
  ),
});

/** One check, passed or failed by its title. */
const one = (title, isPassed) => ({ ...NOTHING, passed: isPassed ? 1 : 0, failed: isPassed ? [] : [title] });

/** @returns {Promise<Counts>} */
export async function runStep(step) {
  if (step.count) return step.count();
  if (!step.act) return step.counts ? countSpecs(step) : runTool(step);
  try {
    await step.act();
    return one(step.title, true);
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    return one(step.title, false);
  }
}

/**
 * Each lane takes the next step as soon as it is free.
 * @param {number} [lanes]
 */
export async function runLanes(steps, runOne, lanes = LANES) {
  const waiting = [...steps];
  const lane = async (_, index) => {
    const all = [];
    for (let step = waiting.shift(); step; step = waiting.shift()) all.push(await runOne(step, index));
    return add(all);
  };
  return add(await Promise.all(Array.from({ length: lanes }, lane)));
}

/**
 * Places for steps of several layers: who wants one waits until one is free, in the order of asking.
 * @param {number} count
 * @returns {<T>(act: () => Promise<T>) => Promise<T>} runs `act` at a place
 */
export function places(count) {
  const waiting = [];
  let free = count;
  return async act => {
    if (free === 0) await new Promise(resolve => waiting.push(resolve));
    else free -= 1;
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** A tool is quiet where it is content. */
async function runTool(step) {
  const { code, output } = await runNode(step, ['ignore', 'pipe', 'pipe']);
  if (code !== 0) console.error(`✗ ${step.title}\n${output.trim()}`);
  return one(step.title, code === 0);
}

/**
 * Specs say what they do as they go, and leave their counts in a file; a run that leaves none has failed as a whole.
 * @param {Record<string, string>} [extra] environment variables
 */
export async function countSpecs(step, extra = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-counts-'));
  const file = join(folder, 'counts.json');
  const { code } = await runNode(step, ['ignore', 'inherit', 'inherit'], { ...extra, PARLEY_COUNTS: file });
  const counts = existsSync(file)
    ? { ...NOTHING, ...JSON.parse(readFileSync(file, 'utf8')) }
    : { ...NOTHING, failed: [step.title] };
  rmSync(folder, { recursive: true });
  return code !== 0 && counts.failed.length === 0 ? { ...counts, failed: [step.title] } : counts;
}

/** Runs Node in a process group of its own, which is ended as a whole: by the limit or with us. */
function runNode(step, stdio, extra = {}) {
  return new Promise(resolve => {
    const env = {
      ...environment(),
      CHROME_BIN: whereIs('headless-shell') ?? whereIs('chromium'),
      ...extra,
    };
    const child = spawn(node(), step.args, { cwd: root, env, stdio, detached: true });
    let output = '';
    child.stdout?.on('data', chunk => (output += chunk));
    child.stderr?.on('data', chunk => (output += chunk));
    const end = () => process.kill(-child.pid, 'SIGKILL');
    const limit = setTimeout(
      () => {
        output += `\nstopped: it took longer than ${(step.limit ?? 8 * MINUTE) / MINUTE} minutes`;
        console.error(`✗ ${step.title} took too long and was stopped`);
        end();
      },
      step.limit ?? 8 * MINUTE,
    );
    process.once('exit', end);
    child.on('close', code => {
      clearTimeout(limit);
      process.off('exit', end);
      resolve({ code: code ?? 1, output });
    });
  });
}
