/** How long something took, by many tries, in words. @param took ms */
export function spread(took: readonly number[]): string {
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
  return `${at(0.5)} ms in the middle, ${at(0.95)} ms at 95 of 100`;
}
