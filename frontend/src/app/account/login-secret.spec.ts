import { secret } from '#protocol/api/account';
import { loginSecret } from './login-secret';

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

  it('does not depend on how a keyboard spells a letter', async () => {
    const composed = await loginSecret('caf\u00e9 au lait', 'noor', INSTALLATION);
    expect(await loginSecret('cafe\u0301 au lait', 'noor', INSTALLATION)).toBe(composed);
  });
});
