import { graphemesOf, nearlyGraphemesOf } from './graphemes';

describe('the characters of a text', () => {
  const characters = [
    'a',
    'e\u0301',
    '👨‍👩‍👧‍👦',
    '👏🏽',
    '🇩🇪',
    '🇫🇷',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '1️⃣',
    '❤️',
    '🏳️‍🌈',
    '李',
    'क\u094d',
    ' ',
    '\r\n',
    'z',
  ];

  it('are what people see as one, with the browser’s help and without', () => {
    expect(graphemesOf(characters.join(''))).toEqual(characters);
    expect(nearlyGraphemesOf(characters.join(''))).toEqual(characters);
  });

  it('lose nothing of a text', () => {
    for (const text of ['', '\u0301', '\ud800a', '\u200d\u200d', '🇩', '\u{e0041}'])
      expect(nearlyGraphemesOf(text).join('')).toBe(text);
  });
});
