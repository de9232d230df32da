import * as fc from 'fast-check';
import { isEmojiOnly, segments } from './message-text';

const links = (text: string): (string | undefined)[] => segments(text).flatMap(({ href }) => (href ? [href] : []));

describe('message text', () => {
  it('finds addresses and leaves the sentence its punctuation', () => {
    expect(segments('See https://parley.local/join.')).toEqual([
      { text: 'See ' },
      { text: 'https://parley.local/join', href: 'https://parley.local/join' },
      { text: '.' },
    ]);
    expect(links('(http://a.example/b) and https://en.example/wiki/A_(b)!')).toEqual([
      'http://a.example/b',
      'https://en.example/wiki/A_(b)',
    ]);
  });

  it('makes no link of anything but http and https, nor of an address with a name before its host', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://a.b',
      'https://',
      'https://bank.example@evil.example',
    ]) {
      expect(links(text)).withContext(text).toEqual([]);
    }
  });

  it('ends an address at a sign that draws nothing or turns the text around', () => {
    expect(links('https://a.example/\u202egpj.exe')).toEqual(['https://a.example/']);
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

  it('takes a long text without delay', () => {
    const long = 'https://a.example/'.padEnd(16_000, '.)');
    const before = performance.now();
    segments(long);
    expect(performance.now() - before).toBeLessThan(200);
  });

  it('draws one to five emoji large, and nothing else', () => {
    for (const text of ['😕', '👏🏽', '👨‍👩‍👧‍👦 ❤️', '🇩🇪', '1️⃣', '😀😀😀😀😀'])
      expect(isEmojiOnly(text)).withContext(text).toBeTrue();
    for (const text of ['', ' ', 'a', '1', '😀 a', '😀😀😀😀😀😀', '#', '12'])
      expect(isEmojiOnly(text)).withContext(text).toBeFalse();
  });
});
