import { TestBed } from '@angular/core/testing';
import { Account } from './account';
import { LocalDatabase } from './local-database';
import { LOCAL_TABLES } from './local-tables';

describe('LocalDatabase', () => {
  let name: string;
  let leave: (() => Promise<void>)[];

  beforeEach(() => {
    name = `parley-spec-${crypto.randomUUID()}`;
    leave = [];
    const account = { databaseName: () => name, beforeLeaving: (act: () => Promise<void>) => leave.push(act) };
    TestBed.configureTestingModule({
      providers: [
        { provide: Account, useValue: account },
        { provide: LOCAL_TABLES, useValue: { version: 1, tables: { people: 'id' } }, multi: true },
        { provide: LOCAL_TABLES, useValue: { version: 2, tables: { notes: '[a+b], b' } }, multi: true },
      ],
    });
  });
  afterEach(async () => {
    await Promise.all(leave.map(act => act()));
    indexedDB.deleteDatabase(name);
  });

  it('holds the tables of every feature', async () => {
    const database = TestBed.inject(LocalDatabase);
    await database.transaction(['people', 'notes'], async () => {
      await database.table('people').put({ id: 'noor' });
      await database.table('notes').put({ a: 1, b: 2 });
    });
    expect(await database.table('people').count()).toBe(1);
    expect(await database.table('notes').where('b').equals(2).count()).toBe(1);
  });

  it('writes all of a transaction or nothing', async () => {
    const database = TestBed.inject(LocalDatabase);
    const half = database.transaction(['people'], async () => {
      await database.table('people').put({ id: 'noor' });
      throw new Error('and then');
    });
    await expectAsync(half).toBeRejectedWithError('and then');
    expect(await database.table('people').count()).toBe(0);
  });

  it('is another for another person', async () => {
    const database = TestBed.inject(LocalDatabase);
    const first = name;
    await database.table('people').put({ id: 'noor' });
    name = `${first}-other`;
    expect(await database.table('people').count()).toBe(0);
    name = first;
    expect(await database.table('people').count()).toBe(1);
    indexedDB.deleteDatabase(`${first}-other`);
  });
});
