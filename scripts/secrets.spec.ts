import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSecrets } from '../backend/src/secrets/secrets.ts';
import { environmentOfSpecs } from '../backend/src/testing/process.ts';

describe('npm run secrets', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-shared-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const secrets = (...args: string[]) => {
    const run = spawnSync(process.execPath, [join(import.meta.dirname, 'secrets.ts'), ...args], {
      env: environmentOfSpecs(),
      cwd: directory,
      encoding: 'utf8',
    });
    return { code: run.status, said: run.stdout + run.stderr };
  };

  it('makes what several processes are given, says so, and replaces nothing', async () => {
    const folder = join(directory, 'etc', 'secrets');
    const first = secrets('etc/secrets');
    expect([first.code, first.said]).toEqual([0, jasmine.stringContaining(`SECRETS_DIR=${folder}`)]);
    const made = await openSecrets(folder, true);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(secrets(folder).said).toContain('refresh.key  was there, and is unchanged');
    expect(await openSecrets(folder, true)).toEqual(made);
  });

  it('says how it is used where no folder is named, and makes nothing', () => {
    for (const args of [[], ['--help'], ['a', 'b']]) {
      const { code, said } = secrets(...args);
      expect([code, said]).toEqual([1, jasmine.stringContaining('npm run secrets -- <folder>')]);
    }
  });
});
