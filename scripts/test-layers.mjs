import { basename, join, relative } from 'node:path';
import { runEndToEnd } from './end-to-end.mjs';
import { buildApp, filesUnder, root } from './prepare.mjs';
import { add, LANES, places, runStep } from './run-steps.mjs';

const minutes = 60_000;
const bin = (...path) => join('node_modules', ...path);
/** What was checked before and has not changed since is not checked again; TypeScript itself decides what that is. */
const tsc = project => [
  ...[bin('typescript', 'bin', 'tsc'), '--noEmit', '-p', project],
  ...['--incremental', '--tsBuildInfoFile', join('.cache', 'tsc', `${project.replaceAll('/', '-')}.tsbuildinfo`)],
];
const jasmine = [bin('jasmine', 'bin', 'jasmine.js'), `--helper=${join(root, 'scripts', 'count-specs.ts')}`];

/**
 * The layers in their order. Each is a list of steps; a step is one count, or as many as its specs where `counts` is set.
 * `tools`: the layer may need something of scripts/tools.mjs. `inTurn`: each step waits for the one before.
 */
export const layers = [
  {
    name: 'types',
    // The app and its specs are checked where they are built, templates included: by `ng build` and `ng test`.
    steps: () =>
      ['backend', 'frontend/e2e', 'backend/protocol', 'frontend/worker', 'frontend/crypto', 'frontend/welcome'].map(
        project => ({ title: `tsc -p ${project}`, args: tsc(project) }),
      ),
  },
  {
    name: 'lint',
    steps: () => [
      { title: 'eslint .', args: [bin('eslint', 'bin', 'eslint.js'), '.'] },
      {
        title: 'prettier --check .',
        args: [
          ...[bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'],
          ...['--cache', '--cache-strategy=content', `--cache-location=${join('.cache', 'prettier')}`],
        ],
      },
    ],
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
      { title: 'numbered rules and their specs', args: [join('scripts', 'check-rules.ts')] },
      { title: 'texts that nothing says', args: [join('scripts', 'check-words.ts')] },
      { title: 'evidence in SECURITY.md', args: [join('scripts', 'check-evidence.ts')] },
      { title: 'versions with published faults', args: [join('scripts', 'check-versions.ts')] },
    ],
  },
  { name: 'protocol', steps: () => [specs(['backend/protocol'])] },
  {
    name: 'build',
    inTurn: true,
    steps: () => [
      { title: 'ng build', act: () => buildApp(() => {}) },
      { title: 'what the first screens download', args: [join('scripts', 'check-download.ts')] },
    ],
  },
  {
    name: 'server',
    tools: true,
    steps: () =>
      Array.from({ length: SHARES }, (_, share) =>
        specs(['backend/src', 'scripts', 'frontend/worker', 'frontend/crypto', 'frontend/welcome'], share),
      ),
  },
  {
    name: 'app',
    tools: true,
    steps: () => [{ title: 'ng test', args: [bin('@angular', 'cli', 'bin', 'ng.js'), 'test'], counts: true }],
  },
  {
    name: 'e2e',
    tools: true,
    steps: () => [
      { title: 'ng build', act: () => buildApp(console.log), uncounted: true },
      {
        title: 'frontend/e2e',
        count: () => runEndToEnd(inOrder(files(['frontend/e2e'], '.e2e.ts')).map(suite), { isLate }),
      },
    ],
  },
];

/**
 * Layers that share places, the one with the longest step first: what one leaves free the next one takes, and no core waits for
 * the last step of a layer. `places`: steps at once. Specs of the server wait for processes, which wait for each other: they leave
 * half of their time to others.
 */
const TOGETHER = [
  { names: ['lint', 'build', 'types', 'rules', 'protocol'], places: LANES },
  { names: ['app', 'server'], places: LANES + 1 },
];

/** Runs of the server layer: many, so that none of its places is left with a long one at the end. */
const SHARES = 6;

/** End-to-end files that wait for real minutes: they run beside the lanes. */
const WAITING = ['long-outage', 'deploy'];

/** The end-to-end files that take longest, the longest first: no lane is left with one of them at the end. */
const LONGEST = ['keys', 'accessible-screens', 'left-behind', 'leaving', 'call-outages'];

/**
 * End-to-end files of what changes least: they come last, and are left out where `TEST_MINUTES` of the whole run have gone. Each
 * day another one is the first of them.
 */
const LAST = [
  ...['firefox', 'frozen-page', 'install', 'keyboard', 'net-lab', 'older-browser', 'permissions', 'push-firefox'],
  ...['refused-storage', 'relay', 'several-processes', 'share', 'tabs', 'turn', 'welcome'],
];
const DAY_MS = 86_400_000;

const isLate = () => performance.now() > Number(process.env.TEST_MINUTES ?? Infinity) * minutes;

/** The longest first, and the last at the end. */
function inOrder(paths) {
  const today = Math.floor(Date.now() / DAY_MS);
  const rank = path => {
    const name = basename(path, '.e2e.ts');
    if (LAST.includes(name)) return LONGEST.length + 1 + ((LAST.indexOf(name) + today) % LAST.length);
    return LONGEST.includes(name) ? LONGEST.indexOf(name) : LONGEST.length;
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
  waits: WAITING.includes(basename(file, '.e2e.ts')),
  last: LAST.includes(basename(file, '.e2e.ts')),
  args: [...jasmine, '--config=frontend/e2e/jasmine.json', file],
  counts: true,
  limit: 12 * minutes,
});

/**
 * @param {typeof layers} chosen
 * @returns {(typeof layers)[]} those that run at the same time, group after group
 */
export function groupsOf(chosen) {
  const partners = layer => TOGETHER.find(({ names }) => names.includes(layer.name));
  const groups = new Map();
  for (const layer of chosen) {
    const key = partners(layer) ?? layer;
    groups.set(key, [...(groups.get(key) ?? []), layer]);
  }
  return [...groups.values()];
}

/**
 * Runs the layers of a group to their ends, whatever fails on the way.
 * @returns {Promise<({name: string, seconds: number} & import('./run-steps.mjs').Counts)[]>} in the order of `group`; seconds are from
 *   the group's beginning to the layer's end where the group shares places
 */
export function runGroup(group) {
  const start = Date.now();
  const shared = TOGETHER.find(({ names }) => names.includes(group[0]?.name));
  const place = places(shared?.places ?? 1);
  const results = new Map();
  const inTurn = shared ? group.toSorted((one, other) => rankIn(shared, one) - rankIn(shared, other)) : group;
  return Promise.all(
    inTurn.map(async layer => {
      const run = step => runStep(step).then(counts => ({ step, counts }));
      const runAt = at => Promise.all(layer.steps().map(step => at(() => run(step))));
      const all = await (layer.inTurn ? place(() => runAt(places(1))) : runAt(place));
      const counted = all.filter(({ step, counts }) => !step.uncounted || counts.failed.length > 0);
      const seconds = (Date.now() - start) / 1000;
      results.set(layer, { name: layer.name, seconds, ...add(counted.map(({ counts }) => counts)) });
    }),
  ).then(() => group.map(layer => results.get(layer)));
}

const rankIn = ({ names }, { name }) => names.indexOf(name);
