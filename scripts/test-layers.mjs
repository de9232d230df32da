import { basename, join, relative } from 'node:path';
import { runEndToEnd } from './end-to-end.mjs';
import { buildApp, filesUnder, root } from './prepare.mjs';
import { add, LANES, runStep } from './run-steps.mjs';

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
      {
        title: 'who imports whom',
        args: [
          bin('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
          ...['--config', 'scripts/import-rules.mjs', 'backend', 'frontend', 'scripts'],
        ],
      },
      { title: 'budgets, rules and their specs', args: [join('scripts', 'check-shape.ts')] },
      { title: 'texts that nothing says', args: [join('scripts', 'check-words.ts')] },
      { title: 'versions with published faults', args: [join('scripts', 'check-versions.ts')] },
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
      { title: 'frontend/e2e', count: () => runEndToEnd(longestFirst(files(['frontend/e2e'], '.e2e.ts')).map(suite)) },
    ],
  },
];

/** Steps at once, the next as soon as one is done. */
const inLanes = (steps, atOnce = LANES) => [{ lanes: steps, atOnce }];

/** One more than lanes: a share waits for processes, which wait for each other, a fifth of its time. */
const SHARES = LANES + 1;

/** One run of specs in shares at once. */
const inShares = stepFor =>
  inLanes(
    Array.from({ length: SHARES }, (_, share) => stepFor(share)),
    SHARES,
  );

/** The end-to-end files that take longest, the longest first: no lane is left with one of them at the end. */
const LONGEST = ['long-outage', 'accessible-screens', 'deploy', 'left-behind', 'leaving', 'call-outages'];

function longestFirst(paths) {
  const rank = path => {
    const index = LONGEST.indexOf(basename(path, '.e2e.ts'));
    return index === -1 ? LONGEST.length : index;
  };
  return paths.toSorted((one, other) => rank(one) - rank(other));
}

/** @param {number} [share] which files: every `SHARES`-th from this one, or all */
function files(folders, ending, share) {
  const found = folders
    .flatMap(folder => filesUnder(join(root, folder)))
    .filter(file => file.endsWith(ending))
    .map(file => relative(root, file))
    .sort();
  return share === undefined ? found : found.filter((_, index) => index % SHARES === share);
}

function specs(folders, share) {
  const args = [...jasmine, '--config=backend/jasmine.json', ...files(folders, '.spec.ts', share)];
  return { title: folders.join(' and '), args, counts: true, limit: 15 * minutes };
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
 * @returns {Promise<import('./run-steps.mjs').Counts>}
 */
export async function runLayer(layer) {
  const all = [];
  for (const step of layer.steps()) {
    const counts = await runStep(step);
    if (!step.uncounted || counts.failed.length > 0) all.push(counts);
  }
  return add(all);
}
