import { TestBed } from '@angular/core/testing';
import { LocalDatabase } from './local-database';
import { DATABASE_OWNER, LOCAL_TABLES, type LocalTables } from './local-tables';
import { StorageState } from './storage-state';

interface Note {
  readonly a: string;
  readonly b: number;
  readonly at?: number;
}

const NOTES = { notes: '[a+b], at' };

describe('LocalDatabase', () => {
  let name: string;
  let leave: (() => Promise<void>)[];
  let database: LocalDatabase;

  beforeEach(() => {
    name = `parley-spec-${crypto.randomUUID()}`;
    leave = [];
    database = appWith({ versions: { 2: { tables: { people: 'id' } } } }, { versions: { 3: { tables: NOTES } } });
  });
  afterEach(async () => {
    await Promise.all(leave.map(act => act()));
    indexedDB.deleteDatabase(name);
  });

  /** An app in which these features keep something. */
  function appWith(...features: readonly LocalTables[]): LocalDatabase {
    const owner = { databaseName: () => name, beforeLeaving: (act: () => Promise<void>) => leave.push(act) };
    const tables = features.map(feature => ({ provide: LOCAL_TABLES, useValue: feature, multi: true }));
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [{ provide: DATABASE_OWNER, useValue: owner }, ...tables] });
    return TestBed.inject(LocalDatabase);
  }

  const refusal = () => TestBed.inject(StorageState).refusal();
  const people = () => database.use(db => db.table('people').count());
  const put = (...ids: string[]) => database.use(db => db.table('people').bulkPut(ids.map(id => ({ id }))));
  /** Refuses from now on, as a browser does whose person has blocked site data. */
  const refuse = (error: string) =>
    spyOn(IDBFactory.prototype, 'open').and.throwError(new DOMException('refused', error));

  for (const [where, prepare] of [
    ['in IndexedDB', () => undefined],
    ['in memory, where IndexedDB is refused', () => void refuse('SecurityError')],
  ] as const) {
    describe(where, () => {
      beforeEach(prepare);

      it('holds the tables of every feature', async () => {
        await database.use(db =>
          db.transaction(['people', 'notes'], async () => {
            await db.table('people').put({ id: 'noor' });
            await db.table<Note>('notes').put({ a: 'x', b: 2 });
          }),
        );
        expect(await people()).toBe(1);
        expect(await database.use(db => db.table('notes').toArray())).toEqual([{ a: 'x', b: 2 }]);
      });

      it('writes all of a transaction or nothing', async () => {
        const half = database.use(db =>
          db.transaction(['people'], async () => {
            await db.table('people').put({ id: 'noor' });
            throw new Error('and then');
          }),
        );
        await expectAsync(half).toBeRejectedWithError('and then');
        expect(await people()).toBe(0);
      });

      it('reads by an index, between places, from either end', async () => {
        const notes = [3, 1, 20].map(b => ({ a: 'x', b, at: 100 - b }));
        await database.use(db => db.table<Note>('notes').bulkPut([...notes, { a: 'y', b: 2 }]));
        const read = (act: (table: ReturnType<typeof tableOf>) => Promise<Note[]>) =>
          database.use(async db => (await act(tableOf(db))).map(({ a, b }) => `${a}${b}`).join(' '));
        const tableOf = (db: Parameters<Parameters<typeof database.use>[0]>[0]) => db.table<Note>('notes');
        expect(await read(table => table.between('[a+b]', ['x', 1], ['x', 3]))).toBe('x1 x3');
        const last = { reverse: true, limit: 2 };
        expect(await read(table => table.between('[a+b]', ['x', 0], ['x', Infinity], last))).toBe('x20 x3');
        expect(await read(table => table.ordered('at'))).toBe('x20 x3 x1');
        expect(await read(table => table.ordered('at', { reverse: true, offset: 1, limit: 1 }))).toBe('x3');
        await database.use(db => db.table('notes').deleteBetween('[a+b]', ['x', 2], ['x', Infinity]));
        expect(await read(table => table.toArray())).toBe('x1 y2');
        await database.use(db => db.table<Note, [string, number]>('notes').delete(['x', 1]));
        expect(await read(table => table.toArray())).toBe('y2');
      });
    });
  }

  it('is another for another person', async () => {
    const first = name;
    await put('noor');
    name = `${first}-other`;
    expect(await people()).toBe(0);
    name = first;
    expect(await people()).toBe(1);
    indexedDB.deleteDatabase(`${first}-other`);
  });

  it('says once that it is refused, goes on in memory, and tells those who count on what was kept', async () => {
    let lost = 0;
    database.lost.subscribe(() => (lost += 1));
    refuse('UnknownError');
    await put('noor');
    await put('mira');
    expect([await people(), refusal(), lost]).toEqual([2, 'messages', 1]);
  });

  it('rejects what finds the disk full, for whoever writes to try again, and goes on with what is there', async () => {
    await put('noor');
    const full = spyOn(IDBObjectStore.prototype, 'put').and.throwError(new DOMException('full', 'QuotaExceededError'));
    await expectAsync(put('mira')).toBeRejected();
    expect([await people(), refusal()]).toEqual([1, undefined]);
    full.and.callThrough();
    await put('mira');
    expect(await people()).toBe(2);
  });

  it('opens again after the system has closed it', async () => {
    await put('noor');
    const closed = spyOn(IDBDatabase.prototype, 'transaction').and.callFake(() => {
      closed.and.callThrough();
      throw new DOMException('closing', 'InvalidStateError');
    });
    expect([await people(), refusal()]).toEqual([1, undefined]);
  });

  it('takes an error of ours for what it is', async () => {
    await expectAsync(database.use(() => Promise.reject(new TypeError('a defect')))).toBeRejectedWithError('a defect');
    expect(refusal()).toBeUndefined();
  });

  describe('of another version', () => {
    const named = (row: unknown) => ({ ...(row as object), name: (row as { id: string }).id.toUpperCase() });
    const addsName: LocalTables = {
      versions: {
        2: { tables: { people: 'id' } },
        4: { tables: { people: 'id, name', notes: null }, upgrade: rewrite => rewrite('people', named) },
      },
    };
    const names = async () =>
      (await database.use(db => db.table<{ name?: string }>('people').toArray())).map(p => p.name);
    /** The page is closed and opened again with another version of the app. */
    async function reopen(...features: readonly LocalTables[]): Promise<void> {
      await Promise.all(leave.map(act => act()));
      database = appWith(...features);
    }

    it('is brought to the newest, with what was written before', async () => {
      await put('noor', 'mira');
      await reopen(addsName, { versions: { 3: { tables: NOTES } } });
      expect([await names(), refusal()]).toEqual([['MIRA', 'NOOR'], undefined]);
      const found = database.use(db => db.table<{ id: string }>('people').between('name', 'N', 'O'));
      expect((await found).map(({ id }) => id)).toEqual(['noor']);
    });

    it('goes through every version between, each once', async () => {
      await put('noor');
      const ran: number[] = [];
      const upgrade = (to: number) => async () => void ran.push(to);
      const later = { versions: { 5: { upgrade: upgrade(5) }, 6: { upgrade: upgrade(6) } } };
      await reopen(later, addsName, { versions: { 4: { upgrade: upgrade(4) } } });
      expect([await names(), ran]).toEqual([['NOOR'], [4, 5, 6]]);
      await reopen(later, addsName);
      expect([await names(), ran]).toEqual([['NOOR'], [4, 5, 6]]);
    });

    it('stays as it is where an upgrade fails, and is brought to the newest by the next app', async () => {
      await put('noor');
      const fails = { versions: { 4: { upgrade: () => Promise.reject(new TypeError('a defect')) } } };
      await reopen(addsName, fails);
      expect([await people(), refusal()]).toEqual([0, 'messages']);
      await reopen(addsName);
      expect([await names(), refusal()]).toEqual([['NOOR'], undefined]);
    });

    it('is left as it is where a newer app has made it, which is said', async () => {
      const old = { versions: { 2: { tables: { people: 'id' } } } };
      await put('noor');
      await reopen(old, { versions: { 4: { tables: { people: 'id, name' } } } });
      await put('mira');
      await reopen(old);
      expect([await people(), refusal()]).toEqual([0, 'newer']);
      await put('jonas');
      await reopen(old, { versions: { 4: { tables: { people: 'id, name' } } } });
      expect([await people(), refusal()]).toEqual([2, undefined]);
    });
  });

  it('opens nothing any more once the person has left', async () => {
    await put('noor');
    await leave[0]!();
    await expectAsync(people()).toBeRejected();
    expect(refusal()).toBeUndefined();
  });
});
