import { closingQuote, countKeys, countKeyTokens } from '#protocol/json-text';

describe('keys in the text of JSON', () => {
  const texts: [text: string, keys: number][] = [
    ['1', 0],
    ['"a"', 0],
    ['{}', 0],
    ['{"a":1}', 1],
    ['{"a" :1}', 1],
    ['{"a"\n:1}', 1],
    ['{"a"\r:1}', 1],
    ['{"a"\t:1}', 1],
    ['{"a" \n\r\t :1}', 1],
    ['{"":""}', 1],
    ['{"a":"b","c":"d"}', 2],
    ['{"a":{"b":{"c":[]}}}', 3],
    ['[{"a":1},{"a":2}]', 2],
    ['{"a":[null,{"b":null}]}', 2],
    ['["a","b"]', 0],
    ['{"a":"\\"b\\":"}', 1],
    ['{"a\\"":":"}', 1],
    ['{"a\\\\":"b"}', 1],
    ['{"a\\\\\\"b":"c"}', 1],
    ['{"a":"\\\\","b":1}', 2],
  ];
  for (const [text, keys] of texts) {
    it(`are ${keys} in ${text.replaceAll(/\s/g, ' ')}`, () => {
      expect(countKeyTokens(text)).toBe(keys);
      expect(countKeys(JSON.parse(text))).toBe(keys);
    });
  }

  it('are counted as often as they are written', () => {
    expect(countKeyTokens('{"a":1,"a":2}')).toBe(2);
    expect(countKeyTokens('{"a":1,"\\u0061":2}')).toBe(2);
  });

  it('cannot be counted where a string does not end', () => {
    for (const text of ['{"a', '"', '{"a":"b\\"}']) expect(countKeyTokens(text)).toBe(-1);
  });
});

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
