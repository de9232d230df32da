import * as fc from 'fast-check';
import { beginningOf, isEmojiOnly, segments } from './message-text';

describe('message text', () => {
  it('finds addresses and leaves the sentence its punctuation', () => {
    expect(segments('See https://parley.local/join.')).toEqual([
      { text: 'See ' },
      { text: 'https://parley.local/join', href: 'https://parley.local/join' },
      { text: '.' },
    ]);
    expect(segments('www.parley.example ada@host.example')).toEqual([
      { text: 'www.parley.example', href: 'https://www.parley.example' },
      { text: ' ' },
      { text: 'ada@host.example', href: 'mailto:ada@host.example' },
    ]);
  });

  it('loses no sign of any text', () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.constant('https://a.b/c'), fc.constant(' ')), { maxLength: 8 });
    fc.assert(
      fc.property(texts, parts => {
        const text = parts.join('');
        return (
          segments(text)
            .map(segment => segment.text)
            .join('') === text
        );
      }),
    );
  });

  it('draws one to five emoji large, and nothing else', () => {
    for (const text of ['😕', '👏🏽', '👨‍👩‍👧‍👦 ❤️', '🇩🇪', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁷󠁬󠁳󠁿 🏴‍☠️', '😀😀😀😀😀'])
      expect(isEmojiOnly(text)).withContext(text).toBeTrue();
    for (const text of ['', ' ', 'a', '1', '😀 a', '😀😀😀😀😀😀', '#', '12', '🏴󠁧󠁢󠁥󠁮󠁧󠁿a'])
      expect(isEmojiOnly(text)).withContext(text).toBeFalse();
  });

  it('is cut between characters as people see them, and says that it was cut', () => {
    expect(beginningOf('short', 5)).toBe('short');
    expect(beginningOf('longer', 5)).toBe('long…');
    for (const emoji of ['👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👏🏽', 'e\u0301'])
      for (let before = 0; before < 20; before++) {
        const text = 'x'.repeat(before) + emoji.repeat(20);
        const cut = beginningOf(text, 20);
        expect(cut.length).toBeLessThanOrEqual(20);
        const rest = cut.slice(before, -1);
        expect(rest)
          .withContext(text)
          .toBe(emoji.repeat(rest.length / emoji.length));
      }
  });
});
