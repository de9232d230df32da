import { type DeviceId } from '#protocol/ids';

/*
 * Each device counts its entries of a conversation from 1, inside the plaintext. What the server holds back leaves a gap below a
 * higher counter; and each entry says what its author's device had of the others, so that one held back from the author alone shows too.
 * That the newest entries are held back while their author is silent cannot be shown.
 */

/** What was heard of one device: the counters up to `upTo` without a gap, and those above it. */
export interface HeardOf {
  readonly upTo: number;
  readonly above: ReadonlySet<number>;
  /** When the oldest gap that is open now was first seen, ms since the epoch; undefined: none is open. */
  readonly gapSince?: number;
}
export type Heard = ReadonlyMap<DeviceId, HeardOf>;

export const NOTHING_HEARD: Heard = new Map();

/** An honest author is late for no longer than this, ms. */
export const GAP_SHOWN_AFTER_MS = 60_000;

/** Counts an entry of a device. Entries may arrive in any order; one that was counted before changes nothing. */
export function withCounter(heard: Heard, device: DeviceId, counter: number, now: number): Heard {
  const before = heard.get(device) ?? { upTo: 0, above: new Set<number>() };
  if (counter <= before.upTo || before.above.has(counter)) return heard;
  const above = new Set(before.above).add(counter);
  let { upTo } = before;
  while (above.delete(upTo + 1)) upTo++;
  const gapSince = above.size === 0 ? undefined : upTo === before.upTo ? (before.gapSince ?? now) : now;
  return new Map(heard).set(device, { upTo, above, ...(gapSince !== undefined && { gapSince }) });
}

/** How many entries of each device have not arrived although later ones have, for longer than an honest delay. */
export function missing(heard: Heard, now: number): ReadonlyMap<DeviceId, number> {
  const found = new Map<DeviceId, number>();
  for (const [device, { upTo, above, gapSince }] of heard) {
    if (gapSince === undefined || now - gapSince < GAP_SHOWN_AFTER_MS) continue;
    found.set(device, Math.max(...above) - upTo - above.size);
  }
  return found;
}

/** How many entries of other devices than `own` were heard, and the text whose hash says which. */
export function seenOf(heard: Heard, own: DeviceId): { count: number; text: string } {
  const others = [...heard].filter(([device]) => device !== own).sort(([a], [b]) => (a < b ? -1 : 1));
  const counters = ({ upTo, above }: HeardOf) => [upTo, ...[...above].sort((a, b) => a - b)].join(' ');
  return {
    count: others.reduce((sum, [, { upTo, above }]) => sum + upTo + above.size, 0),
    text: others.map(([device, of]) => `${device} ${counters(of)}\n`).join(''),
  };
}
