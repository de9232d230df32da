import type { ClientFrame, ServerFrame } from '#protocol/messages';
import type { Metrics } from '../ops/metrics.ts';

/** What goes from seat to seat. */
const ROUTED = new Set<string>(['call.offer', 'call.answer', 'call.ice-candidate', 'call.media-state']);
/** A histogram costs a good part of what routing costs, so one in so many is watched. */
const WATCHED_ONE_IN = 16;

/** Counts frames by type on the way, and hands the sums to the metrics with each tick: labels cost more than frames. */
export type Traffic = {
  readonly onReceived: (type: ClientFrame['type']) => void;
  readonly sent: (type: ServerFrame['type']) => void;
  /** `ms` from a frame's arrival to its being handed on. */
  readonly onHandled: (type: ClientFrame['type'], ms: number) => void;
  tick(): void;
};

export function createTraffic(metrics: Pick<Metrics, 'frame' | 'routed'>): Traffic {
  let routed = 0;
  const counts = { in: new Map<string, number>(), out: new Map<string, number>() };
  return {
    onReceived: type => void counts.in.set(type, (counts.in.get(type) ?? 0) + 1),
    onHandled: (type, ms) => {
      if (ROUTED.has(type) && routed++ % WATCHED_ONE_IN === 0) metrics.routed(ms);
    },
    sent: type => void counts.out.set(type, (counts.out.get(type) ?? 0) + 1),
    tick: () => {
      for (const direction of ['in', 'out'] as const) {
        for (const [type, count] of counts[direction]) metrics.frame(direction, type, count);
        counts[direction].clear();
      }
    },
  };
}
