import type { ClientFrame, ServerFrame } from '#protocol/messages';
import type { Metrics } from '../ops/metrics.ts';

/** Counts frames by type on the way, and hands the sums to the metrics with each tick: labels cost more than frames. */
export type Traffic = {
  readonly received: (type: ClientFrame['type']) => void;
  readonly sent: (type: ServerFrame['type']) => void;
  tick(): void;
};

export function createTraffic(metrics: Pick<Metrics, 'frame'>): Traffic {
  const counts = { in: new Map<string, number>(), out: new Map<string, number>() };
  return {
    received: type => void counts.in.set(type, (counts.in.get(type) ?? 0) + 1),
    sent: type => void counts.out.set(type, (counts.out.get(type) ?? 0) + 1),
    tick: () => {
      for (const direction of ['in', 'out'] as const) {
        for (const [type, count] of counts[direction]) metrics.frame(direction, type, count);
        counts[direction].clear();
      }
    },
  };
}
