/** A run of seqs without a hole, both ends included: what a device holds of a conversation. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * What is held after more has been stored. Two runs that touch or overlap become one; of two that do not, the one held
 * stays: what lies beyond the hole is shown, but `to` moves only when paging has closed it.
 * @param held null: nothing yet
 * @param more what was stored, e.g. a page or one live message
 */
export function joined(held: Range | null, more: Range): Range | null {
  if (more.to < more.from) return held;
  if (!held) return more;
  if (more.from > held.to + 1 || more.to < held.from - 1) return held;
  return { from: Math.min(held.from, more.from), to: Math.max(held.to, more.to) };
}

export const isSameRange = (a: Range | null, b: Range | null): boolean =>
  a === b || (a !== null && b !== null && a.from === b.from && a.to === b.to);

/** What is held without a run that could not be stored: what is newer than it, else what is older. */
export function without(held: Range | null, lost: Range): Range | null {
  if (!held || lost.to < held.from || lost.from > held.to) return held;
  if (lost.to < held.to) return { from: lost.to + 1, to: held.to };
  return lost.from > held.from ? { from: held.from, to: lost.from - 1 } : null;
}

/** The run of a page that came `after` a seq, or `before` one; null where it is empty. */
export function runOf(items: readonly { readonly seq: number }[]): Range | null {
  const first = items[0];
  const last = items.at(-1);
  return first && last ? { from: first.seq, to: last.seq } : null;
}

/** Whether seqs up to `lastSeq` are missing behind what is held. */
export const isBehind = (held: Range | null, lastSeq: number): boolean => (held?.to ?? 0) < lastSeq;
