import { graphemesOf } from '../look/graphemes';
import { addressesIn } from './addresses';

/** A piece of a message: words, or an address one can open. `text` is what is shown. */
export type Segment = { readonly text: string; readonly href?: string };

/**
 * Cuts a text at its addresses.
 * @returns at least one segment
 */
export function segments(text: string): Segment[] {
  const cut: Segment[] = [];
  let done = 0;
  for (const { from, to, href, shown } of addressesIn(text)) {
    if (from > done) cut.push({ text: text.slice(done, from) });
    cut.push({ text: shown, href });
    done = to;
  }
  if (done < text.length || cut.length === 0) cut.push({ text: text.slice(done) });
  return cut;
}

/** Most emoji that are drawn large. */
const LARGE_MOST = 5;
/** UTS #51, ED-17: a flag of letters or of tags, a keycap, or pictures with their modifiers, joined or alone. */
const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]+\u{e007f}|\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f\u200d\p{Extended_Pictographic}]*)$/u;

/** Whether a text is nothing but one to five emoji, which are drawn larger. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.replace(/\s+/g, '');
  // A grapheme of many joined people is long: this only keeps a novel from being cut into graphemes.
  if (!bare || bare.length > 200) return false;
  const signs = graphemesOf(bare);
  return signs.length <= LARGE_MOST && signs.every(sign => EMOJI.test(sign));
}

/** The beginning of a text, at most so many UTF-16 code units, never ending inside a character as people see it (UAX #29). */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  // Looked at is a little more, for the last character that fits; one that is longer than all of it is left out.
  for (const character of graphemesOf(text.slice(0, most + 1))) {
    if (kept.length + character.length > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
