import fc from 'fast-check';
import { contentOf, dataOf } from '#protocol/content/kinds';
import { anyText } from '#protocol/testing/any-text';

const SEED = { seed: 20261129, numRuns: 500 };

describe('the kinds of content', () => {
  it('reads what was written, whatever it says', () => {
    fc.assert(
      fc.property(anyText(2_000), body => {
        fc.pre(body !== '');
        expect(contentOf(dataOf({ kind: 'text', body }))).toEqual({ kind: 'text', body });
      }),
      SEED,
    );
  });

  it('keeps what it does not understand as it came, so that a later app can read it', () => {
    const odd = [
      '',
      'x',
      'null',
      '[]',
      '{"kind":"hologram","shape":[1]}',
      '{"kind":"text","body":7}',
      '{"kind":"text","body":""}',
    ];
    for (const data of [...odd, '{"kind":"unknown","data":"{}"}']) {
      expect(contentOf(data)).withContext(data).toEqual({ kind: 'unknown', data });
      expect(dataOf(contentOf(data)))
        .withContext(data)
        .toBe(data);
    }
  });

  it('reads any text without an error', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(200), fc.json()), data => {
        const content = contentOf(data);
        if (content.kind === 'unknown') expect(dataOf(content)).toBe(data);
      }),
      SEED,
    );
  });
});
