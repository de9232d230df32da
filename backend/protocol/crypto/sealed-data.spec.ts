import fc from 'fast-check';
import { megolmIndex, megolmPlaceOf } from '#protocol/crypto/sealed-data';
import { anyText } from '#protocol/testing/any-text';

const SEED = { seed: 20261130, numRuns: 1_000 };

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
const ciphertext = (index: number): string =>
  Buffer.from([3, 0x08, ...varint(index), 0x12, 0x10, ...Array<number>(32).fill(7)]).toString('base64');

describe('the place of a ciphertext in its session', () => {
  it('is read for every index that Megolm can have', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 })), index => {
        expect(megolmIndex(ciphertext(index))).toBe(index);
      }),
      SEED,
    );
  });

  it('is read of what the library has made', () => {
    const data = { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'AwgAEnBJfreziVBlXoiw', session_id: 's1' };
    expect(megolmPlaceOf(JSON.stringify(data))).toEqual({ sessionId: 's1', index: 0 });
  });

  it('is that of no other data: plain content, another algorithm, another version, a cut or overlong index', () => {
    const data = { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: ciphertext(5), session_id: 's1' };
    for (const odd of [
      { kind: 'text', body: 'hello' },
      { ...data, algorithm: 'm.olm.v1.curve25519-aes-sha2' },
      { ...data, session_id: '' },
      { ...data, ciphertext: Buffer.from([2, 8, 5, 0x12]).toString('base64') },
      { ...data, ciphertext: Buffer.from([3, 8, 0x85]).toString('base64') },
      { ...data, ciphertext: Buffer.from([3, 8, 0x85, 0x80, 0x80, 0x80, 0x80, 0x01]).toString('base64') },
      // The same number written longer: two texts for one place.
      { ...data, ciphertext: Buffer.from([3, 8, 0x85, 0x00]).toString('base64') },
    ]) {
      expect(megolmPlaceOf(JSON.stringify(odd)))
        .withContext(JSON.stringify(odd))
        .toBeNull();
    }
  });

  it('reads any text without an error', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(200), fc.json()), data => {
        expect(megolmPlaceOf(data)).toBeNull();
        megolmIndex(data);
      }),
      SEED,
    );
  });
});
