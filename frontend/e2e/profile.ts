import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type BrowserContext } from 'playwright-core';
import { whereIs } from '../../scripts/tools.mjs';
import { executable, PERSON, QUIET, WITH_WORKER } from './chromium.ts';

const run = promisify(execFile);

/** Makes Chromium trust a root where `HOME` is `home`. Needs certutil. */
export async function trustIn(home: string, rootCertificate: string): Promise<void> {
  const certutil = whereIs('certutil');
  if (certutil === undefined) throw new Error('certutil is not there');
  const database = join(home, '.pki', 'nssdb');
  await mkdir(database, { recursive: true });
  await run(certutil, ['-d', `sql:${database}`, '-N', '--empty-password']);
  await run(certutil, ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'parley', '-i', rootCertificate]);
}

/** A browser profile on disk: what it keeps is there when the browser is started again. */
export class Profile {
  private readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async make(): Promise<Profile> {
    return new Profile(await mkdtemp(join(tmpdir(), 'parley-profile-')));
  }

  /** Trusts a root as a person makes their system trust it: no flag weakens the browser. Needs certutil. */
  async trust(rootCertificate: string): Promise<void> {
    await trustIn(this.home, rootCertificate);
  }

  /** Starts the browser; `close` of its context ends it. */
  async open(): Promise<BrowserContext> {
    return chromium.launchPersistentContext(join(this.home, 'profile'), {
      ...PERSON,
      ...WITH_WORKER,
      executablePath: executable(),
      args: QUIET,
      env: { ...process.env, HOME: this.home },
    });
  }

  async dispose(): Promise<void> {
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
