import { quotedData, quotedOf, rememberQuoted } from '#protocol/quoted';

describe('the data of a frame', () => {
  it('is written as it came, however that was', () => {
    const frame = rememberQuoted({ data: 'a/' }, '"\\u0061\\/"');
    expect(quotedOf(frame)).toBe('"\\u0061\\/"');
    expect(quotedData(frame)).toBe('"\\u0061\\/"');
  });

  it('is quoted as JSON does it where nothing is remembered', () => {
    expect(quotedOf({ data: 'a' })).toBeUndefined();
    expect(quotedData({ data: 'a"' })).toBe('"a\\""');
    expect(quotedData(rememberQuoted({ data: 'a' }, undefined))).toBe('"a"');
  });

  it('leaves no trace in JSON, and takes nothing from it', () => {
    const frame = rememberQuoted({ data: 'a' }, '"\\u0061"');
    expect(JSON.stringify(frame)).toBe('{"data":"a"}');
    expect(quotedData(JSON.parse(JSON.stringify(frame)) as { data: string })).toBe('"a"');
  });
});
