import type { UserId } from '#protocol/ids';
import { BACKUP_BYTES } from '#protocol/keys/limits';
import { newId } from '../../testing/new-id.ts';
import { sqlitePlace } from '../../testing/places.ts';
import { NEW_SETTINGS } from '../account-defaults.ts';
import { describeCrossing, describeTransfer } from '../contract/transfer.contract.ts';
import { backupsOf } from './backups.ts';
import { Database } from './database.ts';
import { insertKept } from './kept.ts';
import { migrate } from './migrations.ts';

describeTransfer('the SQLite store, read and filled', sqlitePlace);
describeCrossing('from SQLite to SQLite', sqlitePlace, sqlitePlace);

describe('a SQLite store that is filled', () => {
  it('S51: has every batch of a sealed backup, also where all come to more than one may add', () => {
    const db = new Database(':memory:');
    migrate(db);
    const [userId, version] = [newId<UserId>(), newId()];
    const names = { username: 'ada', displayName: 'Ada', passwordHash: 'hash', role: 'user' } as const;
    const user = { ...names, id: userId, disabled: false, settings: NEW_SETTINGS, callsSeen: 0, createdAt: 1 };
    const batch = (number: number) => ({ userId, version, number, manifest: { number }, records: [] });
    insertKept(db, { kind: 'user', ...user }, undefined);
    insertKept(db, { kind: 'sealedBackup', userId, version, about: {}, createdAt: 1 }, undefined);
    insertKept(db, { kind: 'sealedBatch', ...batch(1) }, undefined);
    // As much as one may add, without writing it.
    db.run`UPDATE sealedBatch SET bytes = ${BACKUP_BYTES}`;
    insertKept(db, { kind: 'sealedBatch', ...batch(2) }, undefined);
    const [backup] = backupsOf(db, userId);
    expect([backup?.number, (backup?.bytes ?? 0) > BACKUP_BYTES]).toEqual([2, true]);
    db.close();
  });
});
