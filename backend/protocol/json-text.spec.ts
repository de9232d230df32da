import { closingQuote } from '#protocol/json-text';

describe('the quote that closes a string', () => {
  it('is the first that no odd number of backslashes stands before', () => {
    const closing = (text: string) => closingQuote(text, 0);
    expect(closing('""')).toBe(1);
    expect(closing('"a" "b"')).toBe(2);
    expect(closing('"\\""')).toBe(3);
    expect(closing('"\\\\""')).toBe(3);
    expect(closing('"\\\\\\""')).toBe(5);
    expect(closing('"a')).toBe(-1);
    expect(closing('"a\\"')).toBe(-1);
    expect(closingQuote('"a" "b"', 4)).toBe(6);
  });
});
