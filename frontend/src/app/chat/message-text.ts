/** A piece of a message: words, or an address one can open. */
export type Segment = { readonly text: string; readonly href?: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;
/** What ends a sentence belongs to the sentence; a closing bracket belongs to the address only if it opens there. */
const TRAILING = '.,;:!?…”’»';

/**
 * Cuts a text at its addresses. Only http and https are links, and what is shown is what is opened.
 * @returns at least one segment; together they are `text`
 */
export function segments(text: string): Segment[] {
  const cut: Segment[] = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrail(match[0]);
    if (!isAddress(address)) continue;
    if (match.index > done) cut.push({ text: text.slice(done, match.index) });
    cut.push({ text: address, href: address });
    done = match.index + address.length;
  }
  if (done < text.length || cut.length === 0) cut.push({ text: text.slice(done) });
  return cut;
}

function withoutTrail(found: string): string {
  const opens = { ')': found.includes('('), ']': found.includes('[') };
  let end = found.length;
  const belongs = (sign: string): boolean => (sign === ')' || sign === ']' ? opens[sign] : !TRAILING.includes(sign));
  while (end > 0 && !belongs(found.charAt(end - 1))) end--;
  return found.slice(0, end);
}

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  // A name before the host makes a link look like one to somewhere else.
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && !url.username && !url.password;
}

/** Most emoji that are drawn large. */
const LARGE_MOST = 5;
const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f\u200d\p{Extended_Pictographic}]*)$/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Whether a text is nothing but one to five emoji, which are drawn larger. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.replace(/\s+/g, '');
  // A grapheme of many joined people is long: this only keeps a novel from being cut into graphemes.
  if (!bare || bare.length > 200) return false;
  const signs = [...graphemes.segment(bare)];
  return signs.length <= LARGE_MOST && signs.every(({ segment }) => EMOJI.test(segment));
}
