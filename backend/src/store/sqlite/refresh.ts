import type { DeviceId } from '#protocol/ids';
import { confirmed, rotated, type Family, type RotationRequest, type Token } from '../../auth/refresh-family.ts';
import { column, columns, integer, maybe, nullable, text } from './columns.ts';
import type { Database, Row } from './database.ts';
import type { Rotation } from '../accounts.ts';

const token = columns<Token>({ hash: text, gen: integer, supersededAt: nullable(integer) });
const times = columns<Pick<Family, 'signedInAt' | 'refreshedAt'>>({ signedInAt: integer, refreshedAt: integer });
const supersededAt = column('supersededAt', integer);

/** A device has one family at a time, which goes with the sign-in it was made by. */
const familyOf = (db: Database, id: DeviceId, tokens: Row[]): Family | null =>
  maybe(db.get`SELECT signedInAt, refreshedAt FROM device WHERE id = ${id}`, row => ({
    id,
    ...times(row),
    tokens: tokens.map(token),
  }));

/** Writes what has changed of a family. A token whose grace is over stays a row: none of those is read into one. */
function write(db: Database, before: Family, next: Family): void {
  const device = before.id;
  if (next.tokens.length === 0) {
    db.run`DELETE FROM refreshToken WHERE device = ${device}`;
    return;
  }
  for (const { hash, gen, supersededAt: at } of next.tokens) {
    const known = before.tokens.find(one => one.gen === gen);
    if (!known) db.run`INSERT INTO refreshToken (hash, device, gen) VALUES (${hash}, ${device}, ${gen})`;
    else if (known.supersededAt !== at)
      db.run`UPDATE refreshToken SET supersededAt = ${at} WHERE device = ${device} AND gen = ${gen}`;
  }
  db.run`UPDATE device SET refreshedAt = ${next.refreshedAt} WHERE id = ${device}`;
}

function rotateRefreshToken(db: Database, asked: RotationRequest): Rotation {
  const { deviceId: device, tokenHash, at, graceMs, idleMs } = asked;
  // A year of tokens is not read for one: those whose grace is over are found by their hash.
  const tokens = db.all`SELECT hash, gen, supersededAt FROM refreshToken
    WHERE device = ${device} AND (supersededAt IS NULL OR supersededAt >= ${at - graceMs}) ORDER BY gen`;
  const family = familyOf(db, device, tokens);
  if (!family) return { kind: 'unknown' };
  const retiredAt = maybe(
    db.get`SELECT supersededAt FROM refreshToken
      WHERE hash = ${tokenHash} AND device = ${device} AND supersededAt < ${at - graceMs}`,
    supersededAt,
  );
  const { rotation, next } = rotated(family, asked, retiredAt ?? undefined);
  if (next) write(db, family, next);
  if (rotation.kind === 'rotated')
    db.run`DELETE FROM refreshToken WHERE device = ${device} AND supersededAt <= ${at - idleMs}`;
  return rotation;
}

function confirmRefreshToken(db: Database, device: DeviceId, gen: number, at: number): void {
  const tokens = db.all`SELECT hash, gen, supersededAt FROM refreshToken
    WHERE device = ${device} AND (supersededAt IS NULL OR gen = ${gen}) ORDER BY gen`;
  const family = familyOf(db, device, tokens);
  const next = family && confirmed(family, gen, at);
  if (family && next) write(db, family, next);
}

export const refreshReads = {
  /** Whether a token older than `gen` is not superseded yet. Once false for a `gen` that was used it stays so. */
  isRotationPending: (db: Database, deviceId: DeviceId, gen: number): boolean =>
    db.has`SELECT 1 FROM refreshToken WHERE device = ${deviceId} AND gen = ${gen - 1} AND supersededAt IS NULL`,
};

export const refreshWrites = { rotateRefreshToken, confirmRefreshToken };
