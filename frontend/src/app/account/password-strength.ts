import { COMMON_PASSWORDS, foldPassword } from './guessable-passwords';

/** Fewest characters of a password. */
export const SHORTEST_PASSWORD = 10;

/** The first three are refused, the others only described. */
export type Strength = 'short' | 'common' | 'own-name' | 'fair' | 'good' | 'strong';

export const isAccepted = (strength: Strength): boolean => !['short', 'common', 'own-name'].includes(strength);

/** How many of the four bars are filled. */
export const BARS: Record<Strength, number> = { short: 1, common: 1, 'own-name': 1, fair: 2, good: 3, strong: 4 };

/**
 * How hard a password is to guess, in words a person can act on. An estimate by length, variety and repetition: the
 * server stretches what it gets, and nobody is told that a password is good because it holds a capital letter.
 * @param own what others know of the person: name, username
 */
export function passwordStrength(password: string, own: readonly string[]): Strength {
  const characters = [...password];
  if (characters.length < SHORTEST_PASSWORD) return 'short';
  if (COMMON_PASSWORDS.has(foldPassword(password)) || isPattern(characters)) return 'common';
  if (isMadeOf(password, own)) return 'own-name';
  const bits = characters.length * Math.log2(alphabet(password)) * variety(characters);
  if (bits < 50) return 'fair';
  return bits < 70 ? 'good' : 'strong';
}

/** "1234567890", "aaaaaaaaaa", "abababababab", "9876543210". */
function isPattern(characters: readonly string[]): boolean {
  const codes = characters.map(character => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  const runs = steps.filter(step => Math.abs(step) <= 1).length;
  return new Set(characters).size <= 3 || runs >= steps.length - 1;
}

/** Whether little is left of it once one's own names are taken out. */
function isMadeOf(password: string, own: readonly string[]): boolean {
  const names = own.flatMap(name => name.toLowerCase().split(/[\s._-]+/)).filter(part => part.length >= 3);
  const rest = names.reduce((left, name) => left.replaceAll(name, ''), password.toLowerCase());
  return rest.length < password.length && rest.replace(/[\d\W_]/g, '').length < 4;
}

/** From how many characters each of its characters was chosen, about. */
function alphabet(password: string): number {
  const classes: readonly [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^a-zA-Z\d]/, 20],
  ];
  return classes.reduce((sum, [sign, size]) => sum + (sign.test(password) ? size : 0), 0);
}

/** 1 where all characters differ; repetition counts for little. */
const variety = (characters: readonly string[]): number =>
  Math.min(1, (new Set(characters).size / characters.length) * 1.25);
