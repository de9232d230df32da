import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId } from '#protocol/ids';
import { suiteOnSmallDisk } from '../../testing/small-disk.ts';
import { newMessage, someFriends, type Person } from '../contract/people.ts';
import { Database } from './database.ts';
import { sqliteFault } from './faults.ts';
import { openSqliteStore, STORE_FILE } from './sqlite-store.ts';
import { passes, StoreError } from '../store-error.ts';
import type { Store } from '../store.ts';

const MEGABYTE = 1024 * 1024;

const refusal = async (answer: Promise<unknown>): Promise<StoreError> => {
  const error: unknown = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof StoreError) return error;
  throw new Error('was not refused by a StoreError', { cause: error });
};

/** Posts until one is refused. */
async function untilRefused(
  store: Store,
  conversation: ConversationId,
  ada: Person,
): Promise<ReturnType<typeof newMessage>> {
  for (;;) {
    const message = newMessage(conversation, ada, 'x'.repeat(40_000));
    try {
      await store.appendMessage(message);
    } catch {
      return message;
    }
  }
}

suiteOnSmallDisk('SQLite on a disk', 6 * MEGABYTE, disk => {
  it('M7a that is full passes: everything else is still answered, and once there is room the same post goes in', async () => {
    const store = await openSqliteStore(disk().folder);
    const [ada, bob, conversation] = await someFriends(store);
    const first = newMessage(conversation, ada, 'before');
    await store.appendMessage(first);
    const makeRoom = disk().fill();
    const message = await untilRefused(store, conversation, ada);
    const error = await refusal(store.appendMessage(message));
    expect(error.fault).toBe('full');
    expect(passes(error)).toBeTrue();
    expect(store.state).toBe('open');
    const kept = await store.messagesSince(conversation, bob.id, 0, 100);
    expect(kept[0]).toEqual(jasmine.objectContaining({ id: first.id }));
    makeRoom();
    expect(await store.appendMessage(message)).toEqual(
      jasmine.objectContaining({ kind: 'appended', seq: kept.length + 1 }),
    );
    await store.close();
  });

  it('that is full when it is opened, or in a folder that is read-only, is said in a sentence', async () => {
    await (await openSqliteStore(disk().folder)).close();
    disk().freeze();
    const error = await refusal(openSqliteStore(disk().folder));
    expect([error.fault, error.message.includes(disk().folder)]).toEqual(['not-writable', true]);
  });
});

describe('SQLite', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'parley-faults-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it('M7a whose file another program has locked passes: the same post goes in afterwards', async () => {
    const store = await openSqliteStore(directory);
    const [ada, , conversation] = await someFriends(store);
    const other = new Database(join(directory, STORE_FILE));
    other.exec('BEGIN IMMEDIATE');
    const message = newMessage(conversation, ada, 'late');
    const error = await refusal(store.appendMessage(message));
    expect([error.fault, passes(error)]).toEqual(['locked', true]);
    other.close();
    expect((await store.appendMessage(message)).kind).toBe('appended');
    await store.close();
  });

  it('says of a file that it must not write, and of one that is damaged, that it passes; of a write that is wrong, that it does not', () => {
    const path = join(directory, 'some.sqlite');
    const db = new Database(path);
    db.exec('CREATE TABLE one (x INTEGER PRIMARY KEY) STRICT');
    const thrownBy = (act: () => unknown): unknown => {
      try {
        return act();
      } catch (error) {
        return error;
      }
    };
    const readOnly = new Database(path, { readOnly: true });
    expect(sqliteFault(thrownBy(() => readOnly.exec('INSERT INTO one VALUES (1)')))).toBe('not-writable');
    readOnly.close();
    expect(sqliteFault(thrownBy(() => new Database(join(directory, 'missing', 'x'))))).toBe('not-writable');
    expect(sqliteFault(thrownBy(() => db.exec("INSERT INTO one VALUES ('x')")))).toBe('failed');
    expect(sqliteFault(thrownBy(() => db.exec('INSERT INTO two VALUES (1)')))).toBe('failed');
    expect(sqliteFault(new TypeError('a defect'))).toBe('failed');
    db.close();
  });
});
