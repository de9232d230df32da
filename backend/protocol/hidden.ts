/**
 * Characters that draw nothing or reorder what is around them, and the places where a script or an emoji needs one. Two texts
 * that differ by such characters alone look the same, so a name has none beside these places, and a text of them alone is empty.
 */

/** Tags of the flags of England, Scotland and Wales, the only ones in use (UTS #51, ED-14a; RGI_Emoji_Tag_Sequence). */
const FLAG_TAGS =
  /(?<=\u{1f3f4})\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/u;

/** One emoji out of several is joined by U+200D (UTS #51, ED-16); U+FE0E and U+FE0F choose between the two forms of a character. */
const EMOJI_JOINER = /(?<=\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]?)\u200d(?=\p{Extended_Pictographic})/u;
const EMOJI_FORM = /(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)/u;

/** Characters that join to no letter after them (UCD ArabicShaping, joining types R and U). */
const JOINS_NO_NEXT =
  '\\u0621-\\u0625\\u0627\\u0629\\u062f-\\u0632\\u0648\\u0671-\\u0677\\u0688-\\u0699\\u06c0\\u06c3-\\u06cb\\u06cd\\u06cf\\u06d2\\u06d3' +
  '\\u06d5\\u06ee\\u06ef\\u0710\\u0715-\\u0719\\u071e\\u0728\\u072a\\u072c\\u072f\\u074d\\u0759-\\u075b\\u076b\\u076c\\u0771\\u0773\\u0774' +
  '\\u0778\\u0779\\u0840\\u0846\\u0847\\u0849\\u0854\\u0867\\u0869\\u086a\\u08aa-\\u08ac\\u08ae\\u08b1\\u08b2\\u08b9';
const CURSIVE = '[\\p{sc=Arabic}\\p{sc=Syriac}\\p{sc=Mandaic}\\p{sc=Nko}\\p{sc=Adlam}\\p{sc=Mongolian}]';
/** U+200C between two letters that would join (RFC 5892, A.1): Persian plurals and verbs are written with it. */
const BETWEEN_LETTERS = new RegExp(
  `(?<=(?=${CURSIVE})(?=\\p{L})[^${JOINS_NO_NEXT}]\\p{Mn}*)\\u200c(?=\\p{Mn}*(?=${CURSIVE})\\p{L})`,
  'u',
);

/** Signs that take the vowel from a consonant (UCD canonical combining class 9) in the scripts that shape what follows. */
const VIRAMA =
  '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d3b\\u0d3c\\u0d4d\\u0dca\\u0f84\\u1039\\u103a\\u1714\\u17d2\\u1a60\\u1b44' +
  '\\u1baa\\u1bab\\ua8c4\\ua953\\ua9c0\\uaaf6\\uabed\\u{11046}\\u{110b9}\\u{11133}\\u{11134}\\u{111c0}\\u{11442}\\u{114c2}]';
/** After a virama a joiner chooses the form (RFC 5892, A.1 and A.2); Bengali and Kannada also write it between ra and virama. */
const AFTER_VIRAMA = new RegExp(
  `(?<=${VIRAMA})[\\u200c\\u200d](?=\\p{L}|$|\\s)|(?<=[\\u09b0\\u0cb0])\\u200d(?=[\\u09cd\\u0ccd])`,
  'u',
);

/** Mongolian chooses the form of a letter, and parts a last vowel, by characters of its own (UAX #31, 2.3). */
const MONGOLIAN_FORM = /(?<=\p{sc=Mongolian})[\u180b-\u180d\u180f]|(?<=\p{sc=Mongolian})\u180e(?=\p{sc=Mongolian})/u;

const NEEDED = new RegExp(
  [FLAG_TAGS, EMOJI_JOINER, EMOJI_FORM, BETWEEN_LETTERS, AFTER_VIRAMA, MONGOLIAN_FORM].map(one => one.source).join('|'),
  'gu',
);
const HIDDEN =
  /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;
/** Drawn as nothing, though by their properties they are symbols: the empty Braille pattern and the empty note. */
const BLANK = /[\u2800\u{1d159}]/gu;

/** A text without what draws nothing, except where a script or an emoji needs it. */
export const withoutHidden = (text: string): string => {
  const needed = new Set<number>();
  for (const { 0: found, index } of text.matchAll(NEEDED))
    for (let place = index; place < index + found.length; place++) needed.add(place);
  return text.replace(HIDDEN, (character, index: number) => (needed.has(index) ? character : ''));
};

/** Whether a text would be drawn as nothing at all: spaces, hidden and blank characters alone. */
export const isBlank = (text: string): boolean => text.replace(HIDDEN, '').replace(BLANK, '').trim() === '';

/** Blank characters become spaces, which is what they are drawn as. */
export const blanksAsSpaces = (text: string): string => text.replace(BLANK, ' ');
