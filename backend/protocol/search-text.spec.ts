import { userSearch } from '#protocol/api/contacts';
import { foldName, foldText, isEnoughToSearch } from '#protocol/search-text';

describe('a text in a search', () => {
  it('is found whatever its capitals, accents, forms and hidden characters', () => {
    for (const [one, other] of [
      ['Zoë', 'zoe'],
      ['ZÜRICH', 'zürich'],
      ['ﬁne Ａda', 'fine ada'],
      ['Schiff\u00adfahrt', 'schifffahrt'],
      ['two\n  words', 'two words'],
      ['a\u00a0b', 'a b'],
    ] as const)
      expect(foldText(one)).withContext(one).toBe(foldText(other));
  });

  it('as a name is its words', () => {
    expect(foldName('  Ada-M. (King) ')).toBe('ada m king');
    expect(foldName('می\u200cنا')).toBe('مینا');
  });
});

describe('what people are looked for by', () => {
  const enough = (typed: string) => [isEnoughToSearch(typed), userSearch.safeParse({ search: typed }).success];

  it('R9b is three letters or digits where a script spells', () => {
    for (const typed of ['ada', 'a.d.a', 'a1b', 'Zoë', 'али', 'حسن', 'นภา', '  ada  '])
      expect(enough(typed)).withContext(typed).toEqual([true, true]);
    for (const typed of ['', 'ad', 'z..', ',,b', 'z  ', 'a\u200b\u200bb', 'ё\u0308\u0308', '🦊🦊🦊', '...', '_._'])
      expect(enough(typed)).withContext(typed).toEqual([false, false]);
  });

  it('R9b is one character where each is a syllable or a word', () => {
    for (const typed of ['李', '小龍', 'さ', 'サ', 'ｻ', '김', '김 a'])
      expect(enough(typed)).withContext(typed).toEqual([true, true]);
    // A part of a syllable begins the names of too many.
    for (const typed of ['ㄱ', '\u1100', 'ー.', '゛']) expect(enough(typed)).withContext(typed).toEqual([false, false]);
  });
});
