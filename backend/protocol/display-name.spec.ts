import { displayName, faultOfName, normalizeDisplayName, shownName } from '#protocol/display-name';

const isOne = (name: string): boolean => displayName.safeParse(name).success;
/** A character with its number, because none of these is seen. */
const told = (text: string): string =>
  [...text].map(one => `${one} U+${one.codePointAt(0)?.toString(16).padStart(4, '0')}`).join(' ');

describe('a display name', () => {
  it('may be in any script, and of emoji', () => {
    for (const name of [
      'Mira',
      'ليلى الحسيني',
      '李小龍',
      'さくら',
      '김민준',
      'नरेंद्र',
      'ᠮᠣᠩᠭᠣᠯ',
      'Łukasz',
      "O'Neil",
      '🦊',
      'x'.repeat(64),
    ])
      expect(isOne(name)).withContext(name).toBeTrue();
  });

  it('keeps the joined forms of emoji, and the flags that are made of tags', () => {
    for (const name of ['👩🏽‍🚀 Ada', '👨‍👩‍👧', '🏳️‍🌈', '❤️', '1️⃣', '👁️‍🗨️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 Ada', '🏴󠁧󠁢󠁷󠁬󠁳󠁿'])
      expect(isOne(name)).withContext(told(name)).toBeTrue();
  });

  it('keeps the joiners of scripts that need them, where they change what is drawn', () => {
    const names = [
      'می\u200cنا', // Persian: two letters that would join
      'علی\u200cرضا',
      'क्\u200dष', // Devanagari: half form
      'ශ්\u200dරී', // Sinhala
      'র\u200d্যাব', // Bengali: ra before a virama
      'ക്\u200d', // Malayalam: chillu as it was written before Unicode 5.1
      'ᠨᠠ\u180b', // Mongolian: variant of a letter
    ];
    for (const name of names) expect(isOne(name)).withContext(told(name)).toBeTrue();
  });

  it('has nothing in it that is not seen', () => {
    const hidden = [
      ...'\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2064\u2066\u2069\u206a',
      ...'\u3164\ufe00\ufe0f\uffa0\ufff0\ufff9\ufffb\ue000\u0007\u0085',
      ...['\u{e0001}', '\u{e0041}', '\u{e007f}', '\u{e0100}', '\u{1bca0}', '\u{1d173}', '\u{10fffe}', '\ud800'],
    ];
    for (const one of hidden)
      for (const name of [`Mi${one}ra`, `Mira ${one}.`, `${one}.Mira`])
        expect(isOne(name)).withContext(told(name)).toBeFalse();
    // Joiners where nothing is joined, form selectors where there is one form, tags of no flag.
    for (const name of [
      'Mi\u200dra',
      '🦊\u200d',
      '\u200d🦊',
      'دا\u200cر',
      'م\u200c',
      '1\ufe0f',
      'a\ufe0f',
      '🏴\u{e0067}\u{e007f}',
      '🦊\u{e0067}',
    ])
      expect(isOne(name)).withContext(told(name)).toBeFalse();
  });

  it('has something in it that is seen', () => {
    for (const name of [
      '',
      ' ',
      '\u3164',
      '\u115f\u1160',
      '\uffa0',
      '\u2800',
      '\u2800 \u2800',
      '\u{1d159}',
      '\u00ad',
      '\u200b',
      '\ufe0f',
    ])
      expect([isOne(name), faultOfName(name)])
        .withContext(told(name))
        .toEqual([false, 'empty']);
  });

  it('has no letter with more marks than a script writes, and no mark without a letter', () => {
    expect(isOne('Z\u0347\u0348\u0349\u0346alg')).toBeTrue();
    for (const name of ['Z\u0347\u0348\u0349\u0346\u034aalg', 'e\u0332\u0332', '\u0301Mira'])
      expect(isOne(name)).withContext(told(name)).toBeFalse();
  });

  it('is counted by what is stored, and refused for its length beyond 64 code points', () => {
    expect(faultOfName(`  ${'🦊'.repeat(64)}  `)).toBeUndefined();
    expect(faultOfName('x'.repeat(65))).toBe('long');
  });

  it('is kept as NFC with single spaces of one kind, and emoji without a needless selector', () => {
    expect(normalizeDisplayName('  Zoe\u0308   Sand ')).toBe('Zoë Sand');
    expect(normalizeDisplayName('Mira\u00a0\u2800\u3000Sand\u2800')).toBe('Mira Sand');
    expect(normalizeDisplayName('🦊\ufe0f ❤\ufe0f')).toBe('🦊 ❤\ufe0f');
    for (const name of ['Zoe\u0308', 'Mira\u2800Sand', ' Mira', '🦊\ufe0f'])
      expect(isOne(name)).withContext(told(name)).toBeFalse();
  });
});

describe('a name under an older rule', () => {
  const shown = (displayName: string): string => shownName({ displayName, username: 'mira.s' });

  it('is shown without what is not seen', () => {
    expect(shown('Mi\u00adra\u034f \u202eSand\u{e0041}')).toBe('Mira Sand');
    expect(shown(`Z${'\u0346\u0347\u0348\u0349\u034a'.repeat(9)}o`)).toBe('Z\u0347\u0348\u0349\u0346o');
    expect(shown('👩🏽‍🚀 می\u200cنا')).toBe('👩🏽‍🚀 می\u200cنا');
  });

  it('is the username where nothing of it is seen', () => {
    for (const name of ['\u3164', '\u115f\u2800', '\u0301', '\u00ad \u202e'])
      expect(shown(name)).withContext(told(name)).toBe('mira.s');
  });

  it('is shown as one that could be stored today', () => {
    for (const name of [
      'Mi\u00adra',
      '\u202eariM',
      'e\u0332\u0332\u0332',
      'x'.repeat(70),
      '\u0301\u0302Mira',
      '🦊\u200d',
    ])
      expect(isOne(shown(name)))
        .withContext(told(name))
        .toBeTrue();
  });
});
