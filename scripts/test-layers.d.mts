import type { Counts } from './run-steps.mjs';

/** A step of a layer, as far as specs make some up. */
export interface Step {
  readonly title: string;
  readonly act: () => Promise<unknown>;
}

export interface Layer {
  readonly name: string;
  readonly inTurn?: boolean;
  readonly steps: () => readonly Step[];
}
export declare const layers: readonly Layer[];
export declare function groupsOf(chosen: readonly Layer[]): Layer[][];
export declare function runGroup(
  group: readonly Layer[],
): Promise<({ readonly name: string; readonly seconds: number } & Counts)[]>;
