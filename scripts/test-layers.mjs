import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { buildApp, environment, filesUnder, node, root, Stop } from './prepare.mjs';
import { whereIs } from './tools.mjs';

const minutes = 60_000;
const bin = (...path) => join('node_modules', ...path);
const tsc = project => [bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', project];
const jasmine = [bin('jasmine', 'bin', 'jasmine.js'), `--helper=${join(root, 'scripts', 'count-specs.ts')}`];

/**
 * The layers in their order. Each is a list of steps; a step is one count, or as many as its specs where `counts` is set.
 * `tools`: the layer may need something of scripts/tools.mjs.
 */
export const layers = [
  {
    name: 'types',
    steps: () =>
      inLanes([
        { title: 'tsc -p backend/protocol', args: tsc('backend/protocol') },
        { title: 'tsc -p backend', args: tsc('backend') },
        { title: 'tsc -p frontend/e2e', args: tsc('frontend/e2e') },
        { title: 'tsc -p frontend/worker', args: tsc('frontend/worker') },
        { title: 'tsc -p frontend/welcome', args: tsc('frontend/welcome') },
        {
          title: 'ngc -p frontend',
          args: [bin('@angular', 'compiler-cli', 'bundles', 'src', 'bin', 'ngc.js'), '-p', 'frontend'],
        },
      ]),
  },
  {
    name: 'lint',
    steps: () =>
      inLanes([
        { title: 'eslint .', args: [bin('eslint', 'bin', 'eslint.js'), '--max-warnings=0', '.'] },
        {
          title: 'prettier --check .',
          args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
        },
      ]),
  },
  {
    name: 'rules',
    steps: () => [
      { title: 'who imports whom', args: [join('scripts', 'check-layers.ts')] },
      { title: 'budgets, rules and their specs', args: [join('scripts', 'check-shape.ts')] },
      { title: 'texts that nothing says', args: [join('scripts', 'check-words.ts')] },
    ],
  },
  { name: 'protocol', steps: () => [specs(['backend/protocol'])] },
  {
    name: 'server',
    tools: true,
    steps: () => inShares(share => specs(['backend/src', 'scripts', 'frontend/worker', 'frontend/welcome'], share)),
  },
  {
    name: 'app',
    tools: true,
    steps: () => [{ title: 'ng test', args: [bin('@angular', 'cli', 'bin', 'ng.js'), 'test'], counts: true }],
  },
  {
    name: 'build',
    steps: () => [
      { title: 'ng build', act: () => buildApp(() => {}) },
      { title: 'what the first screens download', args: [join('scripts', 'check-download.ts')] },
    ],
  },
  {
    name: 'e2e',
    tools: true,
    steps: () => [
      { title: 'ng build', act: () => buildApp(console.log), uncounted: true },
      ...inLanes(files(['frontend/e2e'], '.e2e.ts').map(suite)),
    ],
  },
];

const LANES = 2;
/** Two steps at once, the next as soon as one is done: most machines have two cores. */
const inLanes = steps => [{ lanes: steps }];

/** One run of specs as two at once: most of its time it waits for processes, which wait for each other. */
const inShares = stepFor => inLanes(Array.from({ length: LANES }, (_, share) => stepFor(share)));

/** @param {number} [share] which files: every `LANES`-th from this one, or all */
function files(folders, ending, share) {
  const found = folders
    .flatMap(folder => filesUnder(join(root, folder)))
    .filter(file => file.endsWith(ending))
    .map(file => relative(root, file))
    .sort();
  return share === undefined ? found : found.filter((_, index) => index % LANES === share);
}

function specs(folders, share) {
  const args = [...jasmine, '--config=backend/jasmine.json', ...files(folders, '.spec.ts', share)];
  return { title: folders.join(' and '), args, counts: true };
}

/** A process for each: what one leaves behind is nobody else's. */
const suite = file => ({
  title: file,
  args: [...jasmine, '--config=frontend/e2e/jasmine.json', file],
  counts: true,
  limit: 12 * minutes,
});

/**
 * Runs one layer to its end, whatever fails on the way.
 * @returns {Promise<{passed: number, failed: string[], notRun: string[]}>}
 */
export async function runLayer(layer) {
  const all = [];
  for (const step of layer.steps()) {
    const counts = await runStep(step);
    if (!step.uncounted || counts.failed.length > 0) all.push(counts);
  }
  return add(all);
}

const add = all => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  failed: all.flatMap(({ failed }) => failed),
  notRun: all.flatMap(({ notRun }) => notRun),
});

async function runStep(step) {
  if (step.lanes) return runLanes(step.lanes);
  if (!step.act) return step.counts ? countSpecs(step) : runTool(step);
  try {
    await step.act();
    return { passed: 1, failed: [], notRun: [] };
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    return { passed: 0, failed: [step.title], notRun: [] };
  }
}

async function runLanes(steps) {
  const waiting = [...steps];
  const run = async () => {
    const all = [];
    for (let step = waiting.shift(); step; step = waiting.shift()) all.push(await runStep(step));
    return add(all);
  };
  return add(await Promise.all(Array.from({ length: LANES }, run)));
}

/** A tool is quiet where it is content. */
async function runTool(step) {
  const { code, output } = await runNode(step, ['ignore', 'pipe', 'pipe']);
  if (code !== 0) console.error(`✗ ${step.title}\n${output.trim()}`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? [] : [step.title], notRun: [] };
}

/** Specs say what they do as they go, and leave their counts in a file; a run that leaves none has failed as a whole. */
async function countSpecs(step) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-counts-'));
  const file = join(folder, 'counts.json');
  const { code } = await runNode(step, ['ignore', 'inherit', 'inherit'], { PARLEY_COUNTS: file });
  const counts = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { passed: 0, failed: [step.title], notRun: [] };
  rmSync(folder, { recursive: true });
  return code !== 0 && counts.failed.length === 0 ? { ...counts, failed: [step.title] } : counts;
}

/** Runs Node in a process group of its own, which is ended as a whole: by the limit or with us. */
function runNode(step, stdio, extra = {}) {
  return new Promise(resolve => {
    const env = { ...environment(), CHROME_BIN: whereIs('chromium'), ...extra };
    const child = spawn(node(), step.args, { cwd: root, env, stdio, detached: true });
    let output = '';
    child.stdout?.on('data', chunk => (output += chunk));
    child.stderr?.on('data', chunk => (output += chunk));
    const end = () => process.kill(-child.pid, 'SIGKILL');
    const limit = setTimeout(
      () => {
        output += `\nstopped: it took longer than ${(step.limit ?? 8 * minutes) / minutes} minutes`;
        console.error(`✗ ${step.title} took too long and was stopped`);
        end();
      },
      step.limit ?? 8 * minutes,
    );
    process.once('exit', end);
    child.on('close', code => {
      clearTimeout(limit);
      process.off('exit', end);
      resolve({ code: code ?? 1, output });
    });
  });
}
