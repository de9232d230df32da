import * as z from 'zod/mini';

/** 3 to 32 of `a–z 0–9 _ . -`, fixed for life. */
export const username = z.string().check(z.regex(/^[a-z0-9_.-]{3,32}$/));

/**
 * The one way a username is folded, wherever one is typed, stored or compared.
 * The alphabet is ASCII, so lower-casing needs no locale; anything else stays and is refused by `username`.
 */
export const foldUsername = (typed: string): string => typed.trim().replace(/[A-Z]/g, letter => letter.toLowerCase());

// Characters that draw nothing or turn the text around would let one person look like another.
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Co}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;

// One emoji out of several (UTS #51, 2.3) is joined by a sign that draws nothing, and is seen to be.
const JOINED = /(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]?)\u200d(?=\p{Extended_Pictographic})/gu;
const drawsNothing = (name: string): boolean => INVISIBLE.test(name.replace(JOINED, ''));

/** What a display name is stored as: NFC (UAX #15), trimmed, single spaces. */
export const normalizeDisplayName = (typed: string): string => typed.normalize('NFC').trim().replace(/\s+/g, ' ');

/** A display name as stored: 1 to 64 code points, normalised, nothing invisible in it. */
export const displayName = z.string().check(
  z.refine(name => [...name].length >= 1 && [...name].length <= 64),
  z.refine(name => name === normalizeDisplayName(name) && !drawsNothing(name)),
);
