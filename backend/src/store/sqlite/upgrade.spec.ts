import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectShown, SQLITE_FILE, villageIn } from '../fixtures/version-1.ts';
import { readSqlite } from './reading.ts';
import { openSqliteStore, STORE_FILE } from './sqlite-store.ts';
import { StoreError } from '../store-error.ts';

describe('A data folder of version 1', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'parley-version-1-'));
    copyFileSync(SQLITE_FILE, join(directory, STORE_FILE));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('S62: is opened with every account, contact, message, mark and call it had, and goes on', async () => {
    for (let start = 0; start < 2; start++) {
      const store = await openSqliteStore(directory);
      await expectShown(store, villageIn('village.json'));
      await store.close();
    }
  });

  it('S62: is not read beside a server of this version before it was opened once', () => {
    expect(() => readSqlite(directory, { now: () => 1 })).toThrowMatching(
      error => error instanceof StoreError && error.fault === 'older-database',
    );
  });
});
