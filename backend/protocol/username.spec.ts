import { displayName, foldUsername, normalizeDisplayName, username } from '#protocol/username';

describe('a display name', () => {
  const isOne = (name: string): boolean => displayName.safeParse(name).success;

  it('may be in any script, and of emoji, also of those that are joined', () => {
    for (const name of ['Mira', 'ليلى الحسيني', '李小龍', '🦊', '👩🏽‍🚀 Ada', '👨‍👩‍👧', '🏳️‍🌈', 'x'.repeat(64)])
      expect(isOne(name)).withContext(name).toBeTrue();
  });

  it('has nothing in it that nobody sees, and is not too long', () => {
    for (const name of ['', 'Mi\u200dra', 'Mira\u200b', '🦊\u200d', '\u200d🦊', '\u202eariM', 'Mi\nra', 'x'.repeat(65)])
      expect(isOne(name)).withContext(JSON.stringify(name)).toBeFalse();
  });

  it('is kept as NFC with single spaces', () => {
    expect(normalizeDisplayName('  Zoe\u0308   Sand ')).toBe('Zoë Sand');
    expect(isOne('Zoe\u0308')).toBeFalse();
  });
});

describe('a username', () => {
  it('is of the alphabet once it is folded', () => {
    expect(username.safeParse(foldUsername(' Mira.S-1_ ')).success).toBeTrue();
    for (const name of ['ab', 'mira sand', 'mïra', 'İpek', 'a'.repeat(33)])
      expect(username.safeParse(foldUsername(name)).success)
        .withContext(name)
        .toBeFalse();
  });
});
