import { fitsFrame, isLonger } from '#protocol/bytes';
import { DATA_BYTES } from '#protocol/limits';

describe('the length of a text in UTF-8', () => {
  const lengths: [text: string, bytes: number][] = [
    ['', 0],
    ['abcd', 4],
    ['\u007f', 1],
    ['\u0080', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\ud7ff', 3],
    ['\ue000', 3],
    ['\uffff', 3],
    ['\u{1f600}', 4],
    ['\u{10000}', 4],
    ['\u{103ff}', 4],
    ['\ud800', 3],
    ['\udfff', 3],
    ['\udc00\ud800', 6],
    ['a\ud800a', 5],
    ['a\u{1f600}é', 7],
    ['ééé', 6],
    ['\u0800\u0800a', 7],
  ];
  for (const [text, bytes] of lengths) {
    it(`is ${bytes} for ${JSON.stringify(text)}`, () => {
      expect(Buffer.byteLength(text)).toBe(bytes);
      expect(isLonger(text, bytes)).toBeFalse();
      expect(isLonger(text, bytes - 1)).toBeTrue();
    });
  }

  it('counts as JSON writes it where it is `data`', () => {
    for (const [unit, bytes] of [
      ['x', 1],
      ['"', 2],
      ['é', 2],
      ['\u0001', 6],
    ] as const) {
      const most = Math.floor(DATA_BYTES / bytes);
      expect(fitsFrame(unit.repeat(most))).toBeTrue();
      expect(fitsFrame(unit.repeat(most + 1))).toBeFalse();
    }
    for (const half of ['\ud800', '\udfff']) expect(fitsFrame(half)).toBeFalse();
  });
});
