/** What a step of `npm test` came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly notRun: readonly string[];
  readonly leftOut?: readonly string[];
  readonly unsteady: readonly string[];
  readonly files: readonly (readonly [string, number])[];
}
