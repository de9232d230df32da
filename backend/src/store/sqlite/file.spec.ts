import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DeviceId, UserId } from '#protocol/ids';
import { newId } from '../../testing/new-id.ts';
import { somebody } from '../contract/people.ts';
import { oneTimeKeyReads } from './one-time-keys.ts';
import { MIGRATIONS, migrate } from './migrations.ts';
import { Database } from './database.ts';
import { LOCK_FILE, openSqliteStore, startWriter, STORE_FILE } from './sqlite-store.ts';
import { StoreError, type StoreFault } from '../store-error.ts';
import type { Store } from '../store.ts';

/** The fault with which opening is refused, with the sentence for the person. */
async function refusal(opening: Promise<Store>): Promise<{ fault: StoreFault; message: string }> {
  const error: unknown = await opening.then(
    store => store.close().then(() => 'it opened'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error('not a StoreError', { cause: error });
  return { fault: error.fault, message: error.message };
}

describe('the database file', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-store-'));
    file = join(directory, STORE_FILE);
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('S16: is synced at every commit of the very connection that writes', async () => {
    const { worker, synchronous, journalMode } = await startWriter({ path: file, now: 1 });
    expect(synchronous).toBe(2); // FULL: https://sqlite.org/pragma.html#pragma_synchronous
    expect(journalMode).toBe('wal');
    await worker.terminate();
  });

  it('is made with its folder, readable by nobody else', async () => {
    const nested = join(directory, 'data', 'parley');
    const store = await openSqliteStore(nested, { now: () => 77 });
    expect((await store.installation()).createdAt).toBe(77);
    for (const name of [STORE_FILE, `${STORE_FILE}-wal`, `${STORE_FILE}-shm`, LOCK_FILE]) {
      const { mode } = await stat(join(nested, name));
      expect(mode & 0o777)
        .withContext(name)
        .toBe(0o600);
    }
    expect((await stat(nested)).mode & 0o777).toBe(0o700);
    await store.close();
  });

  it('is one file again after closing: the log is folded in', async () => {
    await (await openSqliteStore(directory)).close();
    await expectAsync(stat(`${file}-wal`)).toBeRejected();
  });

  it('has every table strict, and nothing refers to nothing', async () => {
    await (await openSqliteStore(directory)).close();
    const db = new Database(file);
    expect(db.all`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'
      AND strict = 0`).toEqual([]);
    expect(db.all`SELECT * FROM pragma_foreign_key_check`).toEqual([]);
    expect(db.pragma('user_version')).toBe(MIGRATIONS.length);
    db.close();
  });

  it('has an index for each read of the feed of changes, which a hello waits for', async () => {
    await (await openSqliteStore(directory)).close();
    const db = new Database(file);
    const [userId, deviceId] = [newId<UserId>(), newId<DeviceId>()];
    const asked: string[] = [];
    const { get, all } = db;
    db.get = (sql, ...values) => (asked.push(sql.join('?')), get.call(db, sql, ...values));
    db.all = (sql, ...values) => (asked.push(sql.join('?')), all.call(db, sql, ...values));
    oneTimeKeyReads.keyState(db, { userId, deviceId });
    oneTimeKeyReads.keyChanges(db, userId, 0, 10);
    db.close();
    const plain = new DatabaseSync(file);
    const steps = asked.flatMap(sql =>
      plain
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...Array.from(sql.matchAll(/\?/g), () => 1))
        .map(({ detail }) => String(detail)),
    );
    plain.close();
    const ofFeed = steps.filter(step => step.includes(' keyChange'));
    expect(ofFeed.length).toBe(4);
    expect(ofFeed.filter(step => !/USING (COVERING )?INDEX/.test(step))).toEqual([]);
  });

  it('S80: has nothing of the feed that a deleted account alone was told, also of people who had left before', async () => {
    const store = await openSqliteStore(directory);
    const [ada, bob] = [await somebody(store), await somebody(store)];
    await store.requestContact(ada.id, bob.id, 2_000);
    await store.declineContact(bob.id, ada.id);
    await store.deleteUser(ada.id);
    await store.close();
    const db = new Database(file);
    expect(db.all`SELECT user FROM keyChange WHERE reader = ${ada.id}`).toEqual([]);
    db.close();
  });

  it('is refused while another store has it, in words, and is free after closing', async () => {
    const first = await openSqliteStore(directory);
    const { fault, message } = await refusal(openSqliteStore(directory));
    expect(fault).toBe('locked');
    expect(message).toContain('Another Parley is running');
    await first.close();
    await (await openSqliteStore(directory)).close();
  });

  it('is refused when it is no database', async () => {
    await writeFile(file, 'Dear diary, '.repeat(1_000));
    expect((await refusal(openSqliteStore(directory))).fault).toBe('not-a-database');
  });

  it("is refused when it is another program's", async () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE bookmark (url TEXT)');
    other.close();
    expect((await refusal(openSqliteStore(directory))).fault).toBe('not-a-database');
    const still = new DatabaseSync(file);
    expect(still.prepare('SELECT name FROM sqlite_schema').all().length).toBe(1);
    still.close();
  });

  it('is refused, and stays as it is, when a newer Parley wrote it', async () => {
    await (await openSqliteStore(directory)).close();
    const newer = new DatabaseSync(file);
    newer.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    newer.close();
    const { fault, message } = await refusal(openSqliteStore(directory));
    expect(fault).toBe('newer-database');
    expect(message).toContain('newer Parley');
    // The refusal leaves nothing locked behind.
    expect((await refusal(openSqliteStore(directory))).fault).toBe('newer-database');
  });

  it('is refused where no file can be written, which names the place', async () => {
    const inAFile = join(directory, 'a-file');
    await writeFile(inAFile, '');
    const { fault, message } = await refusal(openSqliteStore(join(inAFile, 'data')));
    expect(fault).toBe('not-writable');
    expect(message).toContain(inAFile);
    expect((await refusal(openSqliteStore('/proc/parley'))).fault).toBe('not-writable');
  });
});

describe('migrations', () => {
  const fresh = (): Database => new Database(':memory:');

  it('bring any earlier version to the last one, step by step', () => {
    const db = fresh();
    const steps = ['CREATE TABLE a (x)', 'INSERT INTO a VALUES (1)', 'ALTER TABLE a RENAME TO b'];
    migrate(db, steps.slice(0, 1));
    expect(db.pragma('user_version')).toBe(1);
    migrate(db, steps);
    migrate(db, steps);
    expect(db.all`SELECT x FROM b`.length).toBe(1);
    expect(db.pragma('user_version')).toBe(3);
  });

  it('leave nothing of a step that fails, and keep those before it', () => {
    const db = fresh();
    expect(() =>
      migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)']),
    ).toThrow();
    expect(db.pragma('user_version')).toBe(1);
    expect(db.all`SELECT name FROM sqlite_schema`.map(row => row['name'])).toEqual(['a']);
    migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE half (x)']);
    expect(db.pragma('user_version')).toBe(2);
  });
});
