/**
 * How a text is compared in a search, the same at both ends: capitals, accents, forms of one letter, hidden characters and the
 * kind of space make no difference ("Zoë" is found by "zoe").
 */
export const foldText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();

/** A name as it is searched: folded, its words alone. */
export const foldName = (name: string): string =>
  foldText(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(' ');

/** Fewest letters or digits by which people are looked for in a script that spells. */
const FEWEST = 3;
/** One character is a word or a syllable, and the names of most people have two or three of them. */
const SYLLABLE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\uac00-\ud7a3]/u;

/**
 * Whether a query is long enough to search people: a short one would let a client list all users. Only letters and digits
 * count, after folding, because punctuation does not narrow a search.
 */
export function isEnoughToSearch(typed: string): boolean {
  // Hangul is folded to its parts, so that syllables are put together again to be seen.
  const letters = [...foldName(typed).normalize('NFC')].filter(one => /[\p{L}\p{N}]/u.test(one));
  return letters.length >= FEWEST || letters.some(one => SYLLABLE.test(one));
}
