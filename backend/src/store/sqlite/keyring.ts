import type { SealedSecrets } from '#protocol/keys/api';
import type { DeviceId, UserId } from '#protocol/ids';
import {
  applied,
  isKept,
  looksOther,
  NO_KEYRING,
  placeOf,
  type Identity,
  type Keyring,
  type KeyringRule,
  type RuleInput,
} from '../../keys/keyring.ts';
import type { Changed, KeyAddress, KeyringRow } from '../keys.ts';
import type { KeptKeyring } from '../transfer.ts';
import { columns, idText, integer, json, maybe, nullable, text } from './columns.ts';
import type { Database } from './database.ts';
import { exists } from './user-row.ts';

const ringColumns = columns<Omit<Keyring, 'devices' | 'secrets'>>({
  identity: nullable(json<Identity>),
  list: nullable(json<NonNullable<Keyring['list']>>),
  signedOthers: json,
  dehydrated: json,
});
const deviceColumns = columns<Keyring['devices'][number] & { lastSeen: number }>({
  id: idText,
  keys: json,
  lastSeen: integer,
});
const secretsColumn = columns<{ secrets: SealedSecrets | null }>({ secrets: nullable(json<SealedSecrets>) });

function keyringRow(db: Database, userId: UserId): KeyringRow {
  const devices = db.all`
    SELECT device.id, keys, lastSeen FROM deviceKeys JOIN device ON device.id = device
    WHERE user = ${userId} ORDER BY device.id`.map(deviceColumns);
  const { secrets: _, ...nothing } = NO_KEYRING;
  const rest = maybe(
    db.get`SELECT identity, list, signedOthers, dehydrated FROM keyring WHERE user = ${userId}`,
    ringColumns,
  );
  return {
    userId,
    ring: { ...nothing, ...rest, devices: devices.map(({ id, keys }) => ({ id, keys })) },
    seen: new Map(devices.map(({ id, lastSeen }): [DeviceId, number] => [id, lastSeen])),
  };
}

const secretsOf = (db: Database, userId: UserId): SealedSecrets | null =>
  maybe(db.get`SELECT secrets FROM keyring WHERE user = ${userId}`, secretsColumn)?.secrets ?? null;

/** Tells all who share with this person, or `reader` alone, that they must read the person's keys again. */
export function noteChange(db: Database, user: UserId, reader: UserId | '' = '', hasLeft = false): void {
  db.run`DELETE FROM keyChange WHERE user = ${user} AND reader = ${reader}`;
  db.run`INSERT INTO keyChange (user, reader, hasLeft) VALUES (${user}, ${reader}, ${Number(hasLeft)})`;
}

const orNull = (value: object | null): string | null => value && JSON.stringify(value);

/** Writes what has changed of a keyring. */
export function saveKeyring(db: Database, user: UserId, before: Keyring, after: Keyring): void {
  for (const { id, keys } of after.devices.filter(one => !before.devices.includes(one)))
    db.run`INSERT INTO deviceKeys (device, user, keys) VALUES (${id}, ${user}, ${JSON.stringify(keys)})
      ON CONFLICT (device) DO UPDATE SET keys = excluded.keys`;
  const { identity, list, signedOthers, dehydrated, secrets } = after;
  db.run`INSERT INTO keyring (user, identity, list, signedOthers, dehydrated, secrets)
    VALUES (${user}, ${orNull(identity)}, ${orNull(list)}, ${JSON.stringify(signedOthers)},
      ${JSON.stringify(dehydrated)}, ${orNull(secrets)})
    ON CONFLICT (user) DO UPDATE SET identity = excluded.identity, list = excluded.list,
      signedOthers = excluded.signedOthers, dehydrated = excluded.dehydrated, secrets = excluded.secrets`;
  for (const { id } of before.dehydrated.filter(one => !dehydrated.some(next => next.id === one.id)))
    forgetPlace(db, placeOf(user, id));
  if (looksOther(before, after)) noteChange(db, user);
}

/** What a device leaves that is gone; a trigger does the same for those that were signed in. */
function forgetPlace(db: Database, place: string): void {
  db.run`DELETE FROM oneTimeKey WHERE place = ${place}`;
  db.run`DELETE FROM fallbackKey WHERE place = ${place}`;
  db.run`DELETE FROM inbox WHERE place = ${place}`;
  db.run`DELETE FROM inboxRow WHERE place = ${place}`;
}

function changeKeyring<R extends KeyringRule>(db: Database, rule: R, user: UserId, input: RuleInput<R>): Changed<R> {
  if (!exists(db, user)) return { answer: 'unknown', forOthers: false };
  const before = { ...keyringRow(db, user).ring, secrets: secretsOf(db, user) };
  const [after, answer] = applied(rule, before, input);
  if (after !== before) saveKeyring(db, user, before, after);
  return { answer, forOthers: looksOther(before, after) };
}

const placeColumn = columns<{ place: string }>({ place: text });

/** S13. Devices and what hangs on them are gone already; what others had of the person says that it has left. */
export function forgetKeys(db: Database, user: UserId, others: readonly UserId[]): void {
  for (const other of others) noteChange(db, user, other, true);
  db.run`DELETE FROM keyChange WHERE reader = ${user} AND reader <> ''`;
  db.run`DELETE FROM keyChange WHERE user = ${user} AND reader = ''`;
  db.run`DELETE FROM keyring WHERE user = ${user}`;
  db.run`DELETE FROM sealedBackup WHERE user = ${user}`;
  const first = `${user} `;
  const places = db.all`
    SELECT place FROM oneTimeKey WHERE place >= ${first} AND place < ${`${user}!`}
    UNION SELECT place FROM fallbackKey WHERE place >= ${first} AND place < ${`${user}!`}
    UNION SELECT place FROM inbox WHERE place >= ${first} AND place < ${`${user}!`}`.map(placeColumn);
  for (const { place } of places) forgetPlace(db, place);
}

/** Whether there is such a device, signed in or dehydrated. */
export const isThere = (db: Database, { userId, deviceId }: KeyAddress): boolean =>
  db.has`SELECT 1 FROM device WHERE id = ${deviceId} AND userId = ${userId}` ||
  db.has`SELECT 1 FROM keyring, json_each(dehydrated) WHERE user = ${userId} AND value ->> 'id' = ${deviceId}`;

const themColumn = columns<{ them: UserId }>({ them: idText });

export const sharing = (db: Database, me: UserId): UserId[] =>
  db.all`SELECT them FROM sharing WHERE me = ${me} ORDER BY them`.map(row => themColumn(row).them);

/** What a person has published for good; undefined where it is nothing. */
export function keptKeyring(db: Database, userId: UserId): KeptKeyring | undefined {
  const { dehydrated: _, ...ring } = { ...keyringRow(db, userId).ring, secrets: secretsOf(db, userId) };
  return isKept(ring) ? { kind: 'keyring', userId, ...ring } : undefined;
}

export const keyringReads = {
  keyrings: (db: Database, users: readonly UserId[]): KeyringRow[] => users.map(user => keyringRow(db, user)),
  secretsOf,
  sharing,
};
export const keyringWrites = { changeKeyring };
