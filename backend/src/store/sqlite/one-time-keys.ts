import type { ChangesPage, KeyState, OneTimeUpload } from '#protocol/keys/api';
import type { DeviceAddress, UserId } from '#protocol/ids';
import { ONE_TIME_KEYS_KEPT } from '#protocol/keys/limits';
import { keyUserOf, ONE_TIME_ALGORITHM, type OneTimeKey } from '#protocol/keys/objects';
import { placeOf } from '../../keys/keyring.ts';
import type { Claim, Claimed, KeyAddress, KeyCounts } from '../keys.ts';
import { column, columns, flag, idText, integer, json, maybe, nullable, text } from './columns.ts';
import type { Database } from './database.ts';
import { isThere } from './keyring.ts';

const number = column('number', integer);
const maybeNumber = column('number', nullable(integer));

const unclaimed = (db: Database, place: string): number =>
  number(db.get`SELECT count(*) AS number FROM oneTimeKey WHERE place = ${place} AND claimedAt IS NULL` ?? {});

/** A known name: the same key is no news, claimed or not; another one takes its place. */
function putOneTimeKeys(
  db: Database,
  of: KeyAddress,
  { one_time_keys: keys = {}, fallback_keys: fallback = {} }: OneTimeUpload,
): number {
  const place = placeOf(of.userId, of.deviceId);
  // It may have gone a moment ago.
  if (!isThere(db, of)) return 0;
  for (const [name, value] of Object.entries(keys)) {
    const text = JSON.stringify(value);
    db.run`INSERT INTO oneTimeKey (place, name, key) VALUES (${place}, ${name}, ${text})
      ON CONFLICT (place, name) DO UPDATE SET key = excluded.key, claimedAt = NULL WHERE key <> excluded.key`;
  }
  const count = unclaimed(db, place);
  if (count > ONE_TIME_KEYS_KEPT) throw new TooMany();
  for (const [name, value] of Object.entries(fallback))
    db.run`INSERT INTO fallbackKey (place, name, key, used) VALUES (${place}, ${name}, ${JSON.stringify(value)}, 0)
      ON CONFLICT (place) DO UPDATE SET name = excluded.name, key = excluded.key, used = 0
      WHERE name <> excluded.name OR key <> excluded.key`;
  return count;
}

/** Undoes what was put before the count was known. */
class TooMany extends Error {}

const claimColumns = columns<{ name: string; key: OneTimeKey }>({ name: text, key: json });

function claimOne(db: Database, { userId, deviceId, oneTime }: Claim, at: number): Claimed {
  const place = placeOf(userId, deviceId);
  const given = oneTime
    ? maybe(
        db.get`UPDATE oneTimeKey SET claimedAt = ${at} WHERE position = (
          SELECT position FROM oneTimeKey WHERE place = ${place} AND claimedAt IS NULL ORDER BY position LIMIT 1)
          RETURNING name, key`,
        claimColumns,
      )
    : null;
  if (given) return { ...given, isFallback: false };
  const fallback = maybe(
    db.get`UPDATE fallbackKey SET used = 1 WHERE place = ${place} RETURNING name, key`,
    claimColumns,
  );
  return fallback && { ...fallback, isFallback: true };
}

const changeColumns = columns<{ number: number; user: UserId; hasLeft: boolean }>({
  number: integer,
  user: idText,
  hasLeft: flag,
});

// The index of readers leaves '' out, and is used where the query does so, too (https://sqlite.org/partialindex.html, 3).
function keyChanges(db: Database, me: UserId, after: number, limit: number): ChangesPage {
  const rows = db.all`
    SELECT number, user, hasLeft FROM keyChange WHERE reader = ${me} AND reader <> '' AND number > ${after}
    UNION ALL
    SELECT number, user, hasLeft FROM keyChange
    WHERE reader = '' AND number > ${after} AND user IN (SELECT them FROM sharing WHERE me = ${me} UNION ALL SELECT ${me})
    ORDER BY number LIMIT ${limit + 1}`.map(changeColumns);
  const page = rows.slice(0, limit);
  const last = new Map(page.map(({ user, hasLeft }) => [user, hasLeft]));
  const those = (left: boolean) => [...last].filter(([, hasLeft]) => hasLeft === left).map(([user]) => keyUserOf(user));
  return { changed: those(false), left: those(true), upTo: page.at(-1)?.number ?? after, more: rows.length > limit };
}

const lastKeyChange = (db: Database, me: UserId): number =>
  maybe(
    db.get`SELECT max(number) AS number FROM (
      SELECT max(number) AS number FROM keyChange WHERE reader = ${me} AND reader <> ''
      UNION ALL
      SELECT max(number) FROM keyChange
      WHERE reader = '' AND user IN (SELECT them FROM sharing WHERE me = ${me} UNION ALL SELECT ${me}))`,
    maybeNumber,
  ) ?? 0;

const headColumn = column('head', integer);

const countsAt = (db: Database, place: string): KeyCounts => ({
  oneTime: unclaimed(db, place),
  unusedFallback: db.has`SELECT 1 FROM fallbackKey WHERE place = ${place} AND used = 0` ? [ONE_TIME_ALGORITHM] : [],
});

function keyState(db: Database, { userId, deviceId }: DeviceAddress): KeyState {
  const place = placeOf(userId, deviceId);
  return {
    ...countsAt(db, place),
    changes: lastKeyChange(db, userId),
    inbox: maybe(db.get`SELECT head FROM inbox WHERE place = ${place}`, headColumn) ?? 0,
  };
}

export const oneTimeKeyReads = {
  keyState,
  keyCounts: (db: Database, of: readonly KeyAddress[]): KeyCounts[] =>
    of.map(({ userId, deviceId }) => countsAt(db, placeOf(userId, deviceId))),
  keyChanges,
  lastKeyChange,
};
export const oneTimeKeyWrites = {
  putOneTimeKeys: (db: Database, of: KeyAddress, keys: OneTimeUpload, _at: number): number | 'no-room' => {
    try {
      return db.savepoint(() => putOneTimeKeys(db, of, keys));
    } catch (error) {
      if (error instanceof TooMany) return 'no-room';
      throw error;
    }
  },
  claimKeys: (db: Database, claims: readonly Claim[], at: number): Claimed[] =>
    claims.map(claim => claimOne(db, claim, at)),
};
