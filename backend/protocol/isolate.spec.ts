import * as fc from 'fast-check';
import { isolate } from '#protocol/isolate';

const depthAfter = (text: string): number[] => {
  let depth = 0;
  return [...text].map(one => (depth += /[\u2066-\u2068]/.test(one) ? 1 : one === '\u2069' ? -1 : 0));
};

describe('an isolated text', () => {
  it('is one that could turn what is around it; another stays as it is', () => {
    for (const text of ['', 'Mira Sand', 'Łukasz 🦊', '李小龍', '{{name}}']) expect(isolate(text)).toBe(text);
    expect(isolate('ליאת')).toBe('\u2068ליאת\u2069');
    expect(isolate('\u202eariM')).toBe('\u2068\u202eariM\u2069');
  });

  it('cannot be left from inside, and ends where it ends', () => {
    expect(isolate('a\u2069\u202eb')).toBe('\u2068a\u202eb\u2069');
    expect(isolate('a\u2067b')).toBe('\u2068a\u2067b\u2069\u2069');
    const signs = fc.constantFrom('a', 'א', '\u2066', '\u2067', '\u2068', '\u2069', '\u202e', '\u202c');
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 12 }), parts => {
        const text = isolate(parts.join(''));
        const depths = depthAfter(text);
        return text === parts.join('') || (depths.at(-1) === 0 && depths.slice(0, -1).every(depth => depth > 0));
      }),
    );
  });
});
