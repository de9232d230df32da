import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinSecrets } from './fingerprints.ts';
import { openSecrets, SecretError } from './secrets.ts';

describe('the secrets of several processes', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-secrets-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are never made where they are to be given', async () => {
    await expectAsync(openSecrets(directory, true)).toBeRejectedWithError(SecretError, /is not there/);
    const made = await openSecrets(directory);
    expect(await openSecrets(directory, true)).toEqual(made);
  });

  it('are pinned by the first process, and another one with one of its own is refused', async () => {
    const kept = new Map<string, string>();
    const pin = async (name: string, value: string) => {
      if (!kept.has(name)) kept.set(name, value);
      return kept.get(name)!;
    };
    const secrets = await openSecrets(directory);
    await pinSecrets(secrets, pin);
    await expectAsync(pinSecrets(secrets, pin)).toBeResolved();
    for (const value of kept.values()) expect(value).not.toContain(secrets.accessTokenKey.toString('base64url'));
    const other = { ...secrets, refreshKey: randomBytes(32) };
    await expectAsync(pinSecrets(other, pin)).toBeRejectedWithError(SecretError, /refreshKey is not the one/);
  });
});
