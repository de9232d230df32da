import fc from 'fast-check';
import { utf8Length } from '#protocol/bytes';
import { BUCKETS, ENVELOPE_BYTES, paddedPlaintext } from '#protocol/crypto/padding';
import { CONTENT_BYTES, DATA_BYTES } from '#protocol/limits';
import { anyText } from '#protocol/testing/any-text';

const SEED = { seed: 20261130, numRuns: 500 };

describe('the padding of a plaintext', () => {
  it('EE2 gives one of seven lengths, whatever the content and the numbers around it are', () => {
    const lengths = BUCKETS.map(bucket => bucket + ENVELOPE_BYTES);
    fc.assert(
      fc.property(anyText(5_000), fc.nat(), fc.string({ maxLength: 300 }), (text, counter, id) => {
        const content = { kind: 'text', body: text.toWellFormed() };
        const plaintext = paddedPlaintext({ counter, id: id.toWellFormed() }, content);
        if (plaintext === null) return;
        expect(lengths).toContain(utf8Length(plaintext));
        expect(JSON.parse(plaintext).content).toEqual(content);
      }),
      SEED,
    );
  });

  it('takes every content that may be posted, and its ciphertext fits a frame', () => {
    const body = 'ä'.repeat((CONTENT_BYTES - 30) / 2);
    const plaintext = paddedPlaintext({ counter: 1 }, { kind: 'text', body });
    expect(utf8Length(plaintext!)).toBe(BUCKETS.at(-1)! + ENVELOPE_BYTES);
    // Base 64, and 1 KB for what Megolm and JSON put around it.
    expect((utf8Length(plaintext!) * 4) / 3 + 1024).toBeLessThan(DATA_BYTES);
  });

  it('refuses content above the largest bucket, and an envelope that needs more than its room', () => {
    expect(paddedPlaintext({}, { kind: 'text', body: 'x'.repeat(33_000) })).toBeNull();
    expect(paddedPlaintext({ id: 'x'.repeat(1_000) }, { kind: 'text', body: 'x' })).toBeNull();
  });
});
