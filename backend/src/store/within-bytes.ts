/** The first of `rows` that come to `bytes` together, read one by one; one where there is any. */
export function withinBytes<R, T extends { bytes: number }>(
  rows: Iterable<R>,
  read: (row: R) => T,
  bytes: number,
): T[] {
  const page: T[] = [];
  let taken = 0;
  for (const row of rows) {
    const next = read(row);
    taken += next.bytes;
    if (taken > bytes && page.length > 0) break;
    page.push(next);
  }
  return page;
}
