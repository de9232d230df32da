import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import encodeQR from 'qr';
import { offerSetUp } from '../auth/administration.ts';
import { setUpSeal } from '../auth/set-up-code.ts';
import { createLog } from '../log.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { setUpWords } from './set-up-link.ts';

describe('The set-up link at the terminal', () => {
  let directory: string;
  let store: Store;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-set-up-'));
    store = await openStore({ kind: 'sqlite', directory }, createLog('silent'));
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  const words = (elsewhere: string | undefined) =>
    setUpWords({ store, refreshKey: Buffer.alloc(32) }, 'http://localhost:8080', elsewhere);

  it('W4a is https for every other device, to type and to scan', async () => {
    const said = (await words('https://192.168.1.20:8443')) ?? '';
    const link = /https:\/\/192\.168\.1\.20:8443\/set-up#[\w-]{22}/.exec(said)?.[0] ?? '';
    expect(said).toContain(encodeQR(link, 'ascii', { border: 2 }));
    expect(said.match(/http:\/\/[^/]+/g)).toEqual(['http://localhost:8080']);
  });

  it('I6a is the same at every start until it is used, and with other secrets another one that works', async () => {
    const first = await words(undefined);
    expect(await words(undefined)).toBe(first);
    const key = randomBytes(32);
    const code = (await offerSetUp({ store, refreshKey: key })) ?? '';
    expect(first).not.toContain(code);
    expect(await store.isSetUpOpen(setUpSeal(key, code))).toBeTrue();
  });

  it('has no code where only this machine can open it', async () => {
    expect(await words(undefined)).toMatch(
      /^This server has no admin yet.*:\n {2}http:\/\/localhost:8080\/set-up#[\w-]{22}$/,
    );
  });
});
