import type { Counts } from './run-steps.mjs';

/** A step that runs the end-to-end file of this name. */
export interface Suite {
  readonly title: string;
  /** It waits for most of its time. */
  readonly waits?: boolean;
  /** It is left out where the time is up. */
  readonly last?: boolean;
}

/** What stands in for the parts of a run in a spec. */
export interface Parts {
  readonly run?: (suite: Suite, env: { PARLEY_LANE_BROWSERS: string }) => Promise<Counts>;
  readonly openBrowsers?: () => Promise<{ readonly endpoints: string; readonly close: () => Promise<void> }>;
  readonly say?: (line: string) => void;
  readonly isLate?: () => boolean;
}
export declare function runEndToEnd(suites: readonly Suite[], parts?: Parts): Promise<Counts>;
