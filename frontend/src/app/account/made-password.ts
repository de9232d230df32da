const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aeiou';
const SYLLABLES = 10;

/** An even choice among `from`: values that would favour the first ones are drawn again. */
function pick(from: string): string {
  const [value = 0] = crypto.getRandomValues(new Uint8Array(1));
  return value < 256 - (256 % from.length) ? from.charAt(value % from.length) : pick(from);
}

/** A random password that can be read out and typed on a phone, of 63 bits: "kefo-maru-lida-tuno-pesa". */
export function makePassword(): string {
  const syllables = Array.from({ length: SYLLABLES }, () => pick(CONSONANTS) + pick(VOWELS));
  return syllables.join('').replace(/.{4}(?=.)/g, '$&-');
}
