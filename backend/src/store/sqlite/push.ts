import { pushLanguage } from '#protocol/api/push';
import type { DeviceId } from '#protocol/ids';
import { column, columns, idText, integer, oneOf, text } from './columns.ts';
import type { Database } from './database.ts';
import type { NewPush, PushRow, PushStore } from '../push.ts';

const pushRow = columns<PushRow>({
  deviceId: idText,
  userId: idText,
  endpoint: text,
  p256dh: text,
  auth: text,
  language: oneOf(pushLanguage.options),
  key: text,
  at: integer,
});
const deviceId = column<DeviceId>('deviceId', idText);

export const pushReads = {
  pushSubscriptions: (db: Database): PushRow[] =>
    db.all`SELECT push.*, device.userId FROM push JOIN device ON device.id = deviceId JOIN user ON user.id = device.userId
      WHERE user.disabled = 0 ORDER BY deviceId`.map(pushRow),
};

function subscribePush(db: Database, push: NewPush): 'subscribed' | 'unknown-device' {
  if (!db.has`SELECT 1 FROM device WHERE id = ${push.deviceId}`) return 'unknown-device';
  db.run`DELETE FROM push WHERE deviceId = ${push.deviceId} OR endpoint = ${push.endpoint}`;
  db.run`INSERT INTO push (deviceId, endpoint, p256dh, auth, language, key, at)
    VALUES (${push.deviceId}, ${push.endpoint}, ${push.p256dh}, ${push.auth}, ${push.language}, ${push.key}, ${push.at})`;
  return 'subscribed';
}

function dropStalePush(db: Database, { key, refreshedSince, signedInSince }: Stale): DeviceId[] {
  return db.all`
    DELETE FROM push WHERE key <> ${key}
      OR deviceId IN (SELECT id FROM device WHERE refreshedAt < ${refreshedSince} OR signedInAt < ${signedInSince})
      OR NOT EXISTS (SELECT 1 FROM refreshToken WHERE device = deviceId)
    RETURNING deviceId`.map(deviceId);
}
type Stale = Parameters<PushStore['dropStalePush']>[0];

export const pushWrites = {
  subscribePush,
  unsubscribePush: (db: Database, id: DeviceId, endpoint?: string): void => {
    if (endpoint === undefined) db.run`DELETE FROM push WHERE deviceId = ${id}`;
    else db.run`DELETE FROM push WHERE deviceId = ${id} AND endpoint = ${endpoint}`;
  },
  toldPush: (db: Database, id: DeviceId, endpoint: string, at: number): void => {
    db.run`UPDATE push SET at = max(at, ${at}) WHERE deviceId = ${id} AND endpoint = ${endpoint}`;
  },
  dropStalePush,
};
