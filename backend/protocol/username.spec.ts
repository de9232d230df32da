import { foldUsername, username } from '#protocol/username';

describe('a username', () => {
  it('is of the alphabet once it is folded', () => {
    expect(username.safeParse(foldUsername(' Mira.S-1_ ')).success).toBeTrue();
    for (const name of ['ab', 'mira sand', 'mïra', 'İpek', 'a'.repeat(33)])
      expect(username.safeParse(foldUsername(name)).success)
        .withContext(name)
        .toBeFalse();
  });
});
