import { PAGE_BYTES } from '#protocol/limits';

/**
 * The first of `items` that fit into a page together as JSON. A page that ends early goes on at its last item's cursor.
 * @param shorter makes less of a first item that is too large alone, undefined where nothing can be left out
 * @returns at least one, where there is any
 */
export function fitting<T>(
  items: readonly T[],
  bytes: number = PAGE_BYTES,
  shorter: (item: T) => T | undefined = () => undefined,
): T[] {
  const fits: T[] = [];
  let taken = 0;
  for (const item of items) {
    taken += sizeOf(item);
    if (taken > bytes && fits.length > 0) break;
    fits.push(taken > bytes ? shortened(item, bytes, shorter) : item);
  }
  return fits;
}

function shortened<T>(item: T, bytes: number, shorter: (item: T) => T | undefined): T {
  const less = sizeOf(item) > bytes ? shorter(item) : undefined;
  return less === undefined ? item : shortened(less, bytes, shorter);
}

const sizeOf = (item: unknown): number => Buffer.byteLength(JSON.stringify(item));
