import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from './sqlite-store.ts';
import { describeStore, type StoreHarness } from '../contract/store.contract.ts';

async function openHarness(): Promise<StoreHarness> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-store-'));
  const harness: StoreHarness = {
    store: await openSqliteStore(directory),
    async reopen() {
      await harness.store.close();
      harness.store = await openSqliteStore(directory);
    },
    async dispose() {
      await harness.store.close();
      await rm(directory, { recursive: true });
    },
  };
  return harness;
}

describeStore('the SQLite store', openHarness);
