import type { DeviceId, UserId } from '#protocol/ids';
import { userRow } from './user-row.ts';
import { column, columns, idText, integer, maybe, nullable, text } from './columns.ts';
import type { Database } from './database.ts';
import type { DeviceRow, NewDevice, UserRow } from '../accounts.ts';

const family = column('family', nullable(integer));
const deviceRow = columns<DeviceRow>({ id: idText, userId: idText, name: text, createdAt: integer, lastSeen: integer });

export const deviceReads = {
  device: (db: Database, id: DeviceId): { device: DeviceRow; user: UserRow; family: number | null } | null => {
    const row = db.get`
      SELECT *, iif(EXISTS (SELECT 1 FROM refreshToken WHERE device = device.id), signedInAt, NULL) AS family
      FROM device WHERE id = ${id}`;
    const device = maybe(row, deviceRow);
    const user = device && maybe(db.get`SELECT * FROM account WHERE id = ${device.userId}`, userRow);
    return row && device && user ? { device, user, family: family(row) } : null;
  },
  devicesOf: (db: Database, userId: UserId): DeviceRow[] =>
    db.all`SELECT * FROM device WHERE userId = ${userId} ORDER BY lastSeen DESC, id`.map(deviceRow),
  deviceSecretHash: (db: Database, id: DeviceId): { userId: UserId; secretHash: string } | null =>
    maybe(
      db.get`SELECT userId, secretHash FROM device WHERE id = ${id}`,
      columns<{ userId: UserId; secretHash: string }>({ userId: idText, secretHash: text }),
    ),
};

const deviceId = column<DeviceId>('id', idText);

/** A device with the first token of a new family; one that this user has already keeps its age. */
export function newDevice(db: Database, device: NewDevice): void {
  const written = db.run`
    INSERT INTO device (id, userId, name, secretHash, createdAt, lastSeen, signedInAt, refreshedAt)
    SELECT ${device.id}, id, ${device.name}, ${device.secretHash}, ${device.at}, ${device.at}, ${device.at}, ${device.at}
    FROM user WHERE id = ${device.userId} AND username IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, secretHash = excluded.secretHash, lastSeen = excluded.lastSeen,
      signedInAt = excluded.signedInAt, refreshedAt = excluded.refreshedAt
    WHERE userId = excluded.userId`;
  if (written === 0) throw new Error('no such account, or a device of another one');
  db.run`DELETE FROM refreshToken WHERE device = ${device.id}`;
  db.run`INSERT INTO refreshToken (hash, device, gen) VALUES (${device.tokenHash}, ${device.id}, 1)`;
}

/** Every device of this user but `keep`; answers with those that went. */
export const forgetDevicesExcept = (db: Database, userId: UserId, keep: DeviceId): DeviceId[] =>
  db.all`DELETE FROM device WHERE userId = ${userId} AND id <> ${keep} RETURNING id`.map(deviceId);

/** Every device of this user; answers with them. */
export const forgetDevices = (db: Database, userId: UserId): DeviceId[] =>
  db.all`DELETE FROM device WHERE userId = ${userId} RETURNING id`.map(deviceId);

export const deviceWrites = {
  signInDevice: newDevice,
  touchDevice: (db: Database, id: DeviceId, at: number): void => {
    db.run`UPDATE device SET lastSeen = ${at} WHERE id = ${id} AND lastSeen < ${at}`;
  },
  removeDevice: (db: Database, userId: UserId, id: DeviceId): 'removed' | 'unknown' =>
    db.run`DELETE FROM device WHERE id = ${id} AND userId = ${userId}` > 0 ? 'removed' : 'unknown',
  removeOtherDevices: forgetDevicesExcept,
};
