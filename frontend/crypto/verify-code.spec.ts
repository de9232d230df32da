import fc from 'fast-check';
import { userId, type UserId } from '#protocol/ids';
import { anyText } from '#protocol/testing/any-text';
import { base64, random } from './bytes.ts';
import { judgeVerifyCode, newSecret, readVerifyCode, verifyCode, type Scanner } from './verify-code.ts';

const SEED = { seed: 20261130, numRuns: 300 };
const someone = (): UserId => userId.parse(crypto.randomUUID());
const key = (): string => base64(random(32));

/** Mira shows a code, and Jonas scans it. */
function two() {
  const [mira, jonas] = [someone(), someone()];
  const [miras, jonass] = [key(), key()];
  const shown = { userId: mira, own: miras, theirs: jonass, secret: newSecret() };
  const jonasScans: Scanner = { me: jonas, userId: mira, own: jonass, theirs: miras };
  return { mira, jonas, miras, jonass, shown, jonasScans };
}
const judged = (text: string, scanner: Scanner): string => {
  const read = judgeVerifyCode(text, scanner);
  return read.ok ? 'right' : read.error;
};

describe('the code by which two people compare', () => {
  it('EE15a says who shows it, both master keys and a secret, in one text', () => {
    for (let i = 0; i < 50; i++) {
      const { shown } = two();
      const text = verifyCode(shown);
      expect(text).toMatch(/^PARLEY1:[A-Za-z0-9+/]{128}$/);
      expect(readVerifyCode(text)).toEqual({ ok: true, value: shown });
    }
    expect(newSecret()).toMatch(/^[A-Za-z0-9+/]{22}$/);
    expect(newSecret()).not.toBe(newSecret());
  });

  it('EE15b is right only of the person who is meant, with both keys as the scanner has them', () => {
    const { mira, jonas, shown, jonasScans } = two();
    const text = verifyCode(shown);
    expect(judged(text, jonasScans)).toBe('right');
    expect(judged(text, { ...jonasScans, userId: someone() })).toBe('other-person');
    expect(judged(text, { ...jonasScans, me: mira, userId: jonas })).toBe('own-code');
    expect(judged(text, { ...jonasScans, theirs: key() })).toBe('other-identity');
    expect(judged(text, { ...jonasScans, theirs: null })).toBe('other-identity');
    expect(judged(text, { ...jonasScans, own: key() })).toBe('other-own');
    expect(judged(text, { ...jonasScans, own: null })).toBe('other-own');
    // Jonas scans what he shows himself, with the names changed.
    const turned = verifyCode({ ...shown, own: shown.theirs, theirs: shown.own });
    expect(judged(turned, jonasScans)).toBe('other-identity');
  });

  it('EE15b is refused where another version has made it, and reads any text without an error', () => {
    const { shown, jonasScans } = two();
    const text = verifyCode(shown);
    expect(judged(text.replace('PARLEY1', 'PARLEY2'), jonasScans)).toBe('other-version');
    expect(judged(text.replace('PARLEY1', 'PARLEY12'), jonasScans)).toBe('other-version');
    for (const wrong of [text.slice(0, -1), `${text}A`, text.toLowerCase(), ` ${text}`, `${text}=`, 'PARLEY1:', '']) {
      expect(judged(wrong, jonasScans)).toBe('unreadable');
    }
    const noUser = `PARLEY1:${base64(new Uint8Array(112))}`;
    expect(judged(noUser, jonasScans)).toBe('unreadable');
    fc.assert(
      fc.property(anyText(200), said => {
        expect(judged(said, jonasScans)).toBe('unreadable');
        readVerifyCode(`PARLEY1:${said}`);
      }),
      SEED,
    );
  });

  it('EE15b notices every single wrong character of the keys', () => {
    const { shown, jonasScans } = two();
    const text = verifyCode(shown);
    // The last character of the keys holds bits of the secret, too.
    const secretAt = 8 + Math.floor(((16 + 64) * 8) / 6);
    for (let at = 0; at < secretAt; at++) {
      const other = text[at] === 'A' ? 'B' : 'A';
      expect(judged(text.slice(0, at) + other + text.slice(at + 1), jonasScans))
        .withContext(`${at}`)
        .not.toBe('right');
    }
  });
});
