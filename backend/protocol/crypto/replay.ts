import { type EntryKey, isSameKey } from '#protocol/content/kinds';

/**
 * A place of a session is used by one entry. The server can deliver a ciphertext once more under another id, and it decrypts; so each
 * place is kept with the entry that it was first seen for.
 *
 * - `first`: not seen before; keep it
 * - `repeat`: the same entry once more, as after a second fetch
 * - `replay`: another entry. It is not drawn and is asked for again, because an honest device whose store went back in time uses
 *   places twice, and nothing that it wrote may be lost.
 */
export type PlaceUse = 'first' | 'repeat' | 'replay';

export function placeUse(known: EntryKey | undefined, key: EntryKey): PlaceUse {
  if (!known) return 'first';
  return isSameKey(known, key) ? 'repeat' : 'replay';
}
