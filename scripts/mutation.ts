import { report } from './source-files.ts';

/**
 * What decides and is pure. The specs that meet it, listed in mutation/jasmine.json, run in Node within milliseconds: tables,
 * without those of random frames and cuts.
 */
const files = [
  'backend/protocol/{bytes,json-text,outbox,parse,parse-routed}.ts',
  'backend/src/{auth/refresh-family,chat/grown-marks,contacts/pair}.ts',
  'frontend/src/app/call/{link-message,negotiation}.ts',
  'frontend/src/app/chat/post-queue.ts',
  'frontend/src/app/signaling/{refused-frame,session}.ts',
];

/** In percent, of each file. */
const LEAST_KILLED = 85;

/** What one mutant of a file came to, as Stryker names it. */
export interface Mutant {
  readonly fileName: string;
  readonly status: string;
  readonly statusReason?: string;
}

/**
 * A mutant is killed where a spec fails for it, or where it goes round a hundred times as often as the code does: it would
 * never end. One that is slow by the clock is not, which may be the machine's doing, and neither is one that no spec meets.
 * What does not run at all says nothing about the specs.
 * @returns by file: how many were killed, of how many
 */
export function killedByFile(mutants: readonly Mutant[]): Map<string, { killed: number; total: number }> {
  const counts = new Map<string, { killed: number; total: number }>();
  for (const { fileName, status, statusReason = '' } of mutants) {
    if (!['Killed', 'Survived', 'NoCoverage', 'Timeout'].includes(status)) continue;
    const { killed, total } = counts.get(fileName) ?? { killed: 0, total: 0 };
    const isKilled = status === 'Killed' || statusReason.startsWith('Hit limit reached');
    counts.set(fileName, { killed: killed + (isKilled ? 1 : 0), total: total + 1 });
  }
  return counts;
}

if (import.meta.main) {
  const { Stryker } = await import('@stryker-mutator/core');
  const asked = process.argv.slice(2);
  const mutants = await new Stryker({
    testRunner: 'jasmine',
    jasmineConfigFile: 'scripts/mutation/jasmine.json',
    plugins: ['@stryker-mutator/jasmine-runner'],
    mutate: asked.length > 0 ? asked : files,
    ignorePatterns: ['/*', '!/package.json', '!/backend', '!/frontend', '!/scripts'],
    // Not incremental: the runner of Jasmine does not say where a spec stands, so one that was changed would not be run again.
    coverageAnalysis: 'perTest',
    tempDirName: '.cache/mutation',
    cleanTempDir: 'always',
    disableTypeChecks: false,
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { logTests: false, reportTests: false, reportScoreTable: false },
    concurrency: 1,
    timeoutMS: 30_000,
  }).runMutationTest();
  const counts = [...killedByFile(mutants)].map(([file, { killed, total }]) => {
    const percent = (100 * killed) / total;
    return {
      line: `${file}: ${killed} of ${total} killed, ${percent.toFixed(1)} %`,
      isEnough: percent >= LEAST_KILLED,
    };
  });
  for (const { line } of counts) console.log(line);
  report(counts.filter(({ isEnough }) => !isEnough).map(({ line }) => `below ${LEAST_KILLED} %: ${line}`));
}
