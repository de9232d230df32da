/**
 * What a share of many tries did not exceed.
 * @param took in any order
 * @param share of the tries, 0 to 1
 */
export function quantile(took: readonly number[], share: number): number {
  const sorted = took.toSorted((one, other) => one - other);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
}

/** How long something took, by many tries, in words. @param took ms */
export const spread = (took: readonly number[]): string =>
  `${quantile(took, 0.5).toFixed(2)} ms in the middle, ${quantile(took, 0.95).toFixed(2)} ms at 95 of 100`;
