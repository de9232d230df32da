import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A jasmine helper: writes what `npm test` adds up into the file that PARLEY_COUNTS names. */
export interface Counts {
  readonly passed: number;
  /** What failed, each by its full title, and of why the first line and the last. */
  readonly failed: readonly string[];
  /** Full titles of the specs that did not run, with the reason they gave. */
  readonly notRun: readonly string[];
  /** What each file took, in ms, hooks of its specs included. */
  readonly files: readonly (readonly [string, number])[];
}

/**
 * @param write takes the counts when everything has run
 * @returns a reporter for `jasmine.getEnv().addReporter`
 */
export function countingReporter(write: (counts: Counts) => void): jasmine.CustomReporter {
  let passed = 0;
  const failed: string[] = [];
  const notRun: string[] = [];
  const files = new Map<string, number>();
  return {
    specDone(spec) {
      const file = fileOf(spec.filename);
      files.set(file, (files.get(file) ?? 0) + (spec.duration ?? 0));
      if (spec.status === 'passed') passed += 1;
      else if (spec.status === 'failed') failed.push(sayFailure(spec));
      else notRun.push(`${spec.fullName} (${spec.pendingReason || spec.status})`);
    },
    suiteDone(suite) {
      if (suite.failedExpectations.length > 0) failed.push(sayFailure(suite)); // an afterAll
    },
    jasmineDone(run) {
      // A file that does not load, a focused spec, no spec at all: not one of them is a success.
      if (run.overallStatus !== 'passed' && failed.length === 0)
        failed.push(
          sayFailure({ fullName: 'The run', failedExpectations: run.failedExpectations }, run.incompleteReason),
        );
      write({ passed, failed, notRun, files: [...files] });
    },
  };
}

/** @returns a path from the top of the house, for a file URL or a path */
const fileOf = (filename: string): string =>
  relative(process.cwd(), filename.startsWith('file:') ? fileURLToPath(filename) : filename);

/** @param reason what stands for the failed expectations where there are none */
function sayFailure(
  { fullName, failedExpectations }: Pick<jasmine.SpecResult, 'fullName' | 'failedExpectations'>,
  reason = 'failed',
): string {
  const lines = failedExpectations[0]?.message.trimEnd().split('\n') ?? [reason];
  // What a process has said before it ended says at its end why.
  return `${fullName}: ${[...new Set([lines[0], lines.at(-1)])].join(' … ')}`;
}

const file = process.env['PARLEY_COUNTS'];
if (file !== undefined)
  jasmine.getEnv().addReporter(countingReporter(counts => writeFileSync(file, JSON.stringify(counts))));
