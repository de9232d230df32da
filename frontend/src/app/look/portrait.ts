import { graphemesOf } from './graphemes';

/** The colours of portraits. White letters stand on their middle, with a contrast of 4.5 and more (see the spec). */
export const GRADIENTS = [
  ['#d0694f', '#a8432f'],
  ['#3a7aa2', '#285a7d'],
  ['#4c6a77', '#334e5a'],
  ['#629048', '#486f35'],
  ['#856bab', '#644b8b'],
  ['#b57d1e', '#8a5a0c'],
  ['#b05078', '#8a3258'],
  ['#3f8474', '#23604f'],
] as const;

/** Where a person's colours come from: the id, because names change. (FNV-1a, 32 bits.) */
export function gradientOf(id: string): readonly [from: string, to: string] {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return GRADIENTS[hash % GRADIENTS.length] ?? GRADIENTS[0];
}

/** First letters of the first and the last word of a name: "Mira Sand" → "MS". By grapheme, so that no sign is cut. */
export function initialsOf(name: string): string {
  // A guest's name is shown in quotes.
  const words = name.replace(/[“”„]/g, '').trim().split(/\s+/).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map(word => graphemesOf(word ?? '')[0]?.toLocaleUpperCase() ?? '').join('');
}
