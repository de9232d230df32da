import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSecrets, openSecrets, parseSecret, SecretError } from './secrets.ts';

describe('The secrets of an installation', () => {
  let directory: string;
  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'parley-secrets-')), 'secrets');
  });
  afterEach(() => rm(join(directory, '..'), { recursive: true }));

  it('are made once, differ, and stay', async () => {
    const first = await openSecrets(directory);
    const second = await openSecrets(directory);
    expect(first.accessTokenKey.length).toBe(32);
    expect(first.refreshKey.equals(first.accessTokenKey)).toBe(false);
    expect(second).toEqual(first);
  });

  it('are for their owner alone, and no half of one is left behind', async () => {
    await openSecrets(directory);
    expect((await readdir(directory)).sort()).toEqual(['access-token.key', 'refresh.key', 'vapid.key']);
    for (const name of await readdir(directory)) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('are made for several processes in a folder that is made private, and those that are there stay', async () => {
    await mkdir(directory, { mode: 0o755 });
    await chmod(directory, 0o755);
    expect(await makeSecrets(directory)).toEqual({ made: ['access-token.key', 'refresh.key', 'vapid.key'], kept: [] });
    const first = await openSecrets(directory, true);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory)) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    await rm(join(directory, 'vapid.key'));
    const second = await makeSecrets(directory);
    expect(second).toEqual({ made: ['vapid.key'], kept: ['access-token.key', 'refresh.key'] });
    expect((await openSecrets(directory, true)).refreshKey.equals(first.refreshKey)).toBeTrue();
    await writeFile(join(directory, 'refresh.key'), 'short');
    await expectAsync(makeSecrets(directory)).toBeRejectedWithError(SecretError, /refresh\.key/);
  });

  it('are not replaced where one has been cut short', async () => {
    await openSecrets(directory);
    const path = join(directory, 'refresh.key');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 20));
    await expectAsync(openSecrets(directory)).toBeRejectedWithError(
      SecretError,
      /refresh\.key has 15 bytes instead of 32/,
    );
  });

  it('are refused where both are one', async () => {
    await openSecrets(directory);
    await writeFile(join(directory, 'refresh.key'), await readFile(join(directory, 'access-token.key')));
    await expectAsync(openSecrets(directory)).toBeRejectedWithError(SecretError, /equals access-token\.key/);
  });

  const refused: readonly [string, string, SecretError['fault']][] = [
    ['an empty one', '', 'short'],
    ['31 bytes', randomBytes(31).toString('base64url'), 'short'],
    ['33 bytes', randomBytes(33).toString('base64url'), 'malformed'],
    ['base64 with padding', `${randomBytes(32).toString('base64url')}=`, 'malformed'],
    ['hex', randomBytes(32).toString('hex'), 'malformed'],
    ['a phrase', 'correct horse battery staple', 'malformed'],
    ['zeros', Buffer.alloc(32).toString('base64url'), 'known'],
    ['a counted one', Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64url'), 'known'],
    ['a typed one', Buffer.from('secretsecretsecretsecretsecretse').toString('base64url'), 'known'],
  ];
  for (const [title, text, fault] of refused) {
    it(`refuse ${title}`, () => {
      expect(() => parseSecret(text, 'x')).toThrowMatching(
        error => error instanceof SecretError && error.fault === fault,
      );
    });
  }

  it('accept what was made at random', () => {
    for (let round = 0; round < 1000; round += 1) {
      const secret = randomBytes(32);
      expect(parseSecret(secret.toString('base64url'), 'x').equals(secret)).toBe(true);
    }
  });
});
