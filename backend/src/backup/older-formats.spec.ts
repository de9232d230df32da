import { BACKUP_FILE, BACKUP_PASSPHRASE, expectShown, villageIn } from '../store/fixtures/version-1.ts';
import { sqlitePlace } from '../testing/places.ts';
import { checkBackup, pour } from './restore-backup.ts';
import { openBackup } from './read-backup.ts';

describe('A backup of format 1', () => {
  it('S62: is restored with every account, contact, message, mark and call it had', async () => {
    await expectAsync(checkBackup(await openBackup(BACKUP_FILE, BACKUP_PASSPHRASE))).toBeResolved();
    const place = await sqlitePlace();
    const filling = await place.fill({ replace: false });
    const { entries } = await openBackup(BACKUP_FILE, BACKUP_PASSPHRASE);
    await pour(entries, filling, entry => entry);
    await filling.finish();
    await filling.close();
    const store = await place.open();
    await expectShown(store, villageIn('village.json'));
    await store.close();
    await place.dispose();
  });
});
