import { anId } from '#protocol/testing/ids';
import { base64, random } from './bytes.ts';
import { commitment, isCommitted, spokenCode, type CallEnd } from './spoken-code.ts';

const CALL = anId<never>('call');
const mira: CallEnd = { masterKey: 'mira', deviceKey: 'phone', fingerprint: 'sha-256 AA' };
const jonas: CallEnd = { masterKey: 'jonas', deviceKey: 'laptop', fingerprint: 'sha-256 BB' };
const NONCE = base64(new Uint8Array(32).fill(5));

describe('the four emoji of a call', () => {
  it('EE11a are the same at both ends, and 24 bits of a documented hash', async () => {
    const code = await spokenCode(CALL, mira, jonas, NONCE);
    expect(code).toEqual(await spokenCode(CALL, { ...mira }, { ...jonas }, NONCE));
    expect(code.length).toBe(4);
    for (const emoji of code) expect(emoji >= 0 && emoji < 64).toBeTrue();
  });

  it('EE11a differ where anything of it was exchanged on the way', async () => {
    const codes = await Promise.all([
      spokenCode(CALL, mira, jonas, NONCE),
      // The server swaps the identities at both ends, and nothing else.
      spokenCode(CALL, { ...mira, masterKey: 'evil' }, jonas, NONCE),
      spokenCode(CALL, mira, { ...jonas, masterKey: 'evil' }, NONCE),
      spokenCode(CALL, { ...mira, deviceKey: 'evil' }, jonas, NONCE),
      spokenCode(CALL, { ...mira, fingerprint: 'sha-256 CC' }, jonas, NONCE),
      spokenCode(CALL, mira, { ...jonas, fingerprint: 'sha-256 CC' }, NONCE),
      spokenCode(CALL, jonas, mira, NONCE),
      spokenCode(anId('other'), mira, jonas, NONCE),
      spokenCode(CALL, mira, jonas, base64(new Uint8Array(32).fill(6))),
    ]);
    expect(new Set(codes.map(String)).size).toBe(codes.length);
  });

  it('EE11b are fixed by a commitment: another nonce than committed to is refused', async () => {
    const committed = await commitment(NONCE);
    expect(await isCommitted(committed, NONCE)).toBeTrue();
    expect(await isCommitted(committed, base64(random(32)))).toBeFalse();
    const short = base64(random(31));
    expect(await isCommitted(await commitment(short), short)).toBeFalse();
  });
});
