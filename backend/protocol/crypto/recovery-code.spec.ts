import fc from 'fast-check';
import { RECOVERY_BYTES, recoveryCode, recoverySecret } from '#protocol/crypto/recovery-code';
import { anyText } from '#protocol/testing/any-text';

const SEED = { seed: 20261130, numRuns: 500 };
const secrets = fc.uint8Array({ minLength: RECOVERY_BYTES, maxLength: RECOVERY_BYTES });

describe('a recovery code', () => {
  it('EE10b is eight groups of four, and reads back however it is typed', () => {
    fc.assert(
      fc.property(secrets, secret => {
        const code = recoveryCode(secret);
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){7}[0-9A-HJKMNP-TV-Z]{4}$/);
        for (const typed of [
          code,
          code.toLowerCase(),
          code.replaceAll(' ', '-'),
          code.replaceAll('0', 'o').replaceAll('1', 'l'),
        ]) {
          expect(recoverySecret(typed)).toEqual(secret);
        }
      }),
      SEED,
    );
  });

  it('EE10b notices every single wrong character, and two that changed their places', () => {
    fc.assert(
      fc.property(secrets, fc.nat(31), fc.nat(30), (secret, at, first) => {
        const typed = [...recoveryCode(secret).replaceAll(' ', '')];
        const wrong = [...typed];
        wrong[at] = typed[at] === '7' ? '8' : '7';
        expect(recoverySecret(wrong.join(''))).toBe('checksum');
        const swapped = [...typed];
        [swapped[first], swapped[first + 1]] = [typed[first + 1]!, typed[first]!];
        const isSame = typed[first] === typed[first + 1];
        expect(recoverySecret(swapped.join(''))).toEqual(isSame ? secret : 'checksum');
      }),
      SEED,
    );
  });

  it('says what is wrong with what was typed, and reads any text without an error', () => {
    expect(recoverySecret('')).toBe('length');
    expect(recoverySecret('ABCD EFGH')).toBe('length');
    expect(recoverySecret('U')).toBe('character');
    fc.assert(
      fc.property(anyText(100), typed => {
        recoverySecret(typed);
      }),
      SEED,
    );
  });
});
