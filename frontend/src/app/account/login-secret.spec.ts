import { secret } from '#protocol/api/account';
import { loginSecret, passwordKeys } from './login-secret';

const INSTALLATION = '22222222-2222-4222-8222-222222222222';

describe('the login secret', () => {
  it('is what the documented derivation gives, computed once by another implementation', async () => {
    expect(await loginSecret('correct horse battery staple', 'noor', INSTALLATION)).toBe(
      'Y4s0K_GngPt73NpJpTQEqeGj3FW5ulcVpNR_ply5MBk',
    );
  });

  it('has the shape that the server takes, and differs by password, name and installation', async () => {
    const made = await Promise.all([
      loginSecret('one password', 'noor', INSTALLATION),
      loginSecret('two password', 'noor', INSTALLATION),
      loginSecret('one password', 'mira', INSTALLATION),
      loginSecret('one password', 'noor', INSTALLATION.replace('2', '3')),
    ]);
    expect(new Set(made).size).toBe(4);
    for (const one of made) expect(secret.safeParse(one).success).toBeTrue();
  });

  it('comes with a wrapping key of the same password, which cannot be exported and opens what it sealed', async () => {
    const of = (password: string) => passwordKeys(password, 'noor', INSTALLATION);
    const [one, again, other] = await Promise.all([of('one password'), of('one password'), of('two password')]);
    expect(one.loginSecret).toBe(await loginSecret('one password', 'noor', INSTALLATION));
    const iv = new Uint8Array(12);
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, one.wrappingKey, new Uint8Array([1, 2, 3]));
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, again.wrappingKey, sealed);
    expect(new Uint8Array(opened)).toEqual(new Uint8Array([1, 2, 3]));
    await expectAsync(crypto.subtle.decrypt({ name: 'AES-GCM', iv }, other.wrappingKey, sealed)).toBeRejected();
    await expectAsync(crypto.subtle.exportKey('raw', one.wrappingKey)).toBeRejected();
  });

  it('does not depend on how a keyboard spells a letter', async () => {
    const composed = await loginSecret('caf\u00e9 au lait', 'noor', INSTALLATION);
    expect(await loginSecret('cafe\u0301 au lait', 'noor', INSTALLATION)).toBe(composed);
  });
});
