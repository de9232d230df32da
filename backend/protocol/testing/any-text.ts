import fc from 'fast-check';

/** Code points of every plane and class, among them those that JSON escapes, stores change or terminals obey. */
const KINDS: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], // C0 controls, NUL and line ends among them
  [0x20, 0x7e],
  [0x22, 0x22], // the quote
  [0x5c, 0x5c], // the backslash
  [0x7f, 0x9f], // DEL and C1 controls
  [0xa0, 0x2ff],
  [0x300, 0x36f], // combining marks
  [0x378, 0x379], // unassigned
  [0x5d0, 0x6ff], // written from right to left
  [0x200b, 0x200f],
  [0x2028, 0x202e], // line separators and direction marks
  [0x4e00, 0x9fff],
  [0xd800, 0xdfff], // surrogates, mostly lone
  [0xe000, 0xf8ff], // private use
  [0xfdd0, 0xfdef], // noncharacters
  [0xfe00, 0xfe0f], // variation selectors
  [0xfeff, 0xfeff],
  [0xfff9, 0xffff],
  [0x1f1e6, 0x1f1ff], // halves of flags
  [0x1f300, 0x1f6ff],
  [0x1fffe, 0x1ffff],
  [0x20000, 0x2a6df],
  [0x40000, 0x4ffff], // a plane with nothing in it
  [0xe0000, 0xe007f], // tags
  [0x100000, 0x10ffff],
];

const character = fc
  .oneof(...KINDS.map(([min, max]) => fc.integer({ min, max })))
  .map(point => String.fromCodePoint(point));

/** Any text that a person, a paste or a program may put into a field: short, mixed, and around and beyond `limit` units. */
export const anyText = (limit: number): fc.Arbitrary<string> => {
  const short = fc.array(character, { maxLength: 12 }).map(characters => characters.join(''));
  const repeated = fc
    .tuple(short, fc.integer({ min: 1, max: limit + 2 }))
    .map(([piece, length]) => piece.repeat(Math.ceil(length / Math.max(piece.length, 1))).slice(0, length));
  return fc.oneof({ weight: 3, arbitrary: short }, { weight: 2, arbitrary: repeated });
};
