import { writeFileSync } from 'node:fs';

/** A jasmine helper: writes what `npm test` adds up into the file that PARLEY_COUNTS names. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Full titles of the specs that did not run, with the reason they gave. */
  readonly notRun: readonly string[];
}

/**
 * @param write takes the counts when everything has run
 * @returns a reporter for `jasmine.getEnv().addReporter`
 */
export function countingReporter(write: (counts: Counts) => void): jasmine.CustomReporter {
  let passed = 0;
  let failed = 0;
  const notRun: string[] = [];
  return {
    specDone(spec) {
      if (spec.status === 'passed') passed += 1;
      else if (spec.status === 'failed') failed += 1;
      else notRun.push(`${spec.fullName} (${spec.pendingReason || spec.status})`);
    },
    suiteDone(suite) {
      if (suite.failedExpectations.length > 0) failed += 1; // an afterAll
    },
    jasmineDone(run) {
      // A file that does not load, a focused spec, no spec at all: not one of them is a success.
      const whole = run.overallStatus === 'passed' || failed > 0;
      write({ passed, failed: whole ? failed : 1, notRun });
    },
  };
}

const file = process.env['PARLEY_COUNTS'];
if (file !== undefined)
  jasmine.getEnv().addReporter(countingReporter(counts => writeFileSync(file, JSON.stringify(counts))));
