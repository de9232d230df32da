import * as z from 'zod/mini';
import { blanksAsSpaces, isBlank, withoutHidden } from '#protocol/hidden';

/** Most code points of a display name. */
export const LONGEST_NAME = 64;

/** More marks on one letter than any script writes, or the same twice (UTS #39, 5.4): they paint over what is around. */
const STACKED = /[\p{Mn}\p{Me}]{5}|([\p{Mn}\p{Me}])\1/u;
const MARKS = /([\p{Mn}\p{Me}])\1+|(?<=[\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]+/gu;
/** The emoji form is what these have without U+FE0F. */
const NEEDLESS_FORM = /(?<=\p{Emoji_Presentation})\ufe0f/gu;

/** What a display name is stored as: NFC (UAX #15), single spaces of one kind, trimmed. */
export const normalizeDisplayName = (typed: string): string =>
  blanksAsSpaces(typed.normalize('NFC')).replace(NEEDLESS_FORM, '').replace(/\s+/g, ' ').trim();

/** Code points of a name as it would be stored. */
export const lengthOfName = (typed: string): number => [...normalizeDisplayName(typed)].length;

/** Why a typed name cannot be stored: nothing to see in it, too long, or signs in it that are not seen or stack up. */
export type NameFault = 'empty' | 'long' | 'hidden';

/** @returns undefined for a name that can be stored once it is normalised */
export function faultOfName(typed: string): NameFault | undefined {
  const name = normalizeDisplayName(typed);
  if (isBlank(name)) return 'empty';
  if (withoutHidden(name) !== name || STACKED.test(name) || /^\p{M}/u.test(name)) return 'hidden';
  return lengthOfName(name) > LONGEST_NAME ? 'long' : undefined;
}

/** A display name as one is given to the server: normalised, and without fault. */
export const displayName = z
  .string()
  .check(z.refine(name => name === normalizeDisplayName(name) && faultOfName(name) === undefined));

/**
 * A display name as others see it. One that was stored under an older rule stays as it is kept, and is shown without what
 * makes it look like another; where nothing is left it is the username.
 */
export function shownName({ displayName: kept, username }: { displayName: string; username: string }): string {
  const seen = normalizeDisplayName(withoutHidden(kept).replace(MARKS, '$1')).replace(/^\p{M}+/u, '');
  return isBlank(seen) ? username : [...seen].slice(0, LONGEST_NAME).join('');
}
