import { isSeatType } from '#protocol/call-frames';
import type { ClientFrame, ServerFrame } from '#protocol/messages';
import type { Metrics } from '../ops/metrics.ts';

/** A histogram costs a good part of what routing costs, so only every sixteenth frame is measured. */
const WATCHED_ONE_IN = 16;

/** Counts frames by type on the way, and hands the sums to the metrics with each tick: labels cost more than frames. */
export type Traffic = {
  /** A frame is here. Answers with when, where this one is watched, else with 0. */
  readonly onArrived: () => number;
  /** It was one of this type, and has been handed on; `arrived` is what `onArrived` answered. */
  readonly onHandled: (type: ClientFrame['type'], arrived: number) => void;
  readonly onSent: (type: ServerFrame['type']) => void;
  tick(): void;
};

type Counts = Map<string, { frames: number }>;

export function createTraffic(metrics: Pick<Metrics, 'frame' | 'routed'>): Traffic {
  let arrivals = 0;
  const counts: Record<'in' | 'out', Counts> = { in: new Map(), out: new Map() };
  return {
    onArrived: () => (arrivals++ % WATCHED_ONE_IN === 0 ? performance.now() : 0),
    onHandled: (type, arrived) => {
      count(counts.in, type);
      if (arrived > 0 && isSeatType(type)) metrics.routed(performance.now() - arrived);
    },
    onSent: type => count(counts.out, type),
    tick: () => {
      for (const direction of ['in', 'out'] as const) {
        for (const [type, { frames }] of counts[direction]) metrics.frame(direction, type, frames);
        counts[direction].clear();
      }
    },
  };
}

function count(counts: Counts, type: string): void {
  const known = counts.get(type);
  if (known) known.frames++;
  else counts.set(type, { frames: 1 });
}
