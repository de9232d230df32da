import { quote, unquote } from '#protocol/quoted';

describe('a quoted string', () => {
  it('is written as it came, however that was', () => {
    const quoted = '"\\u0061\\/"';
    expect(unquote(quoted)).toBe('a/');
    expect(quote('a/')).toBe(quoted);
  });

  it('is quoted anew where another one came since', () => {
    unquote('"\\u0061"');
    unquote('"b"');
    expect(quote('a')).toBe('"a"');
    expect(quote('')).toBe('""');
  });

  it('is refused where it is no JSON', () => {
    expect(() => unquote('"\\x"')).toThrowError(SyntaxError);
    expect(quote('x')).toBe('"x"');
  });
});
