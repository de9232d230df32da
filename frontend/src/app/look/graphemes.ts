/** Nearly UAX #29 for what is written most: flags, keycaps, joined pictures, letters with their marks. */
const NEARLY =
  /\r\n|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f\u{e0020}-\u{e007f}]*(?:\u200d\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]*)*|\P{M}[\p{M}\u200c\u200d]*|[\s\S]/gu;

/** In browsers without `Intl.Segmenter`: Firefox before 125. Exported for its spec. */
export const nearlyGraphemesOf = (text: string): string[] => text.match(NEARLY) ?? [];

// eslint-disable-next-line parley/newer-apis -- looked for
const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : undefined;

/** A text in its characters as people see them (grapheme clusters, UAX #29). Joined again they are the text. */
export const graphemesOf = (text: string): string[] =>
  // eslint-disable-next-line parley/newer-apis -- looked for above
  segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : nearlyGraphemesOf(text);
