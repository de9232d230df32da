import { isBlank } from '#protocol/hidden';

describe('a blank text', () => {
  it('is drawn as nothing', () => {
    for (const text of [
      '',
      ' \n\t',
      '\u200b',
      '\u2800\u2800',
      '\u3164 \u00ad\n\u202e',
      '\ufe0f\u200d',
      '\u{e0041}\u{e0100}',
      '\u{1d159}',
    ])
      expect(isBlank(text)).withContext(JSON.stringify(text)).toBeTrue();
  });

  it('is none that has a letter, a sign or an emoji in it', () => {
    for (const text of ['a', '\u200b.', '🦊', '❤\ufe0f', '🇩🇪', '\u2801', '⠀⠃', '한', '\u0301'])
      expect(isBlank(text)).withContext(text).toBeFalse();
  });
});
