import type { DeviceId } from '#protocol/ids';
import { columns, integer, maybe, nullable } from './sqlite-columns.ts';
import type { Database } from './sqlite-database.ts';
import type { AccountStore, Rotation } from './store-accounts.ts';

/*
 * A family is a device's tokens, gen 1 … k:
 *
 *   superseded … superseded, pending or superseded, newest
 *
 * A token becomes superseded when its successor, or an access token made with it, is first used. Until then the
 * rotation is pending: its answer may never have arrived, so the old token gets the same one again.
 */

type RotationRequest = Parameters<AccountStore['rotateRefreshToken']>[0];
type Token = { gen: number; supersededAt: number | null; signedInAt: number; refreshedAt: number };
const token = columns<Token>({
  gen: integer,
  supersededAt: nullable(integer),
  signedInAt: integer,
  refreshedAt: integer,
});

const endFamily = (db: Database, device: DeviceId): number => db.run`DELETE FROM refreshToken WHERE device = ${device}`;

/** The generation `used` was used for the first time: everything older is superseded from now on. */
const supersede = (db: Database, device: DeviceId, used: number, at: number): number =>
  db.run`UPDATE refreshToken SET supersededAt = ${at}
    WHERE device = ${device} AND gen < ${used} AND supersededAt IS NULL`;

function rotateRefreshToken(db: Database, asked: RotationRequest): Rotation {
  const { deviceId, tokenHash, at } = asked;
  const found = maybe(
    db.get`SELECT gen, supersededAt, signedInAt, refreshedAt FROM refreshToken JOIN device ON device.id = device
      WHERE hash = ${tokenHash} AND device = ${deviceId}`,
    token,
  );
  if (!found) return { kind: 'unknown' };
  if (at - found.refreshedAt >= asked.idleMs || at - found.signedInAt >= asked.absoluteMs) {
    endFamily(db, deviceId);
    return { kind: 'unknown' };
  }
  const supersededMs = found.supersededAt === null ? 0 : at - found.supersededAt;
  // Only so are tokens not kept for ever: what is this old may be forgotten, and is treated so whether it is or not.
  if (supersededMs >= asked.idleMs) return { kind: 'unknown' };
  if (supersededMs > asked.graceMs) {
    endFamily(db, deviceId);
    return { kind: 'reused' };
  }
  return succeed(db, found, asked);
}

function succeed(db: Database, found: Token, asked: RotationRequest): Rotation {
  const { deviceId, successorHash, at } = asked;
  const gen = found.gen + 1;
  const successor = db.get`SELECT hash FROM refreshToken WHERE device = ${deviceId} AND gen = ${gen}`;
  if (successor && successor['hash'] !== successorHash) return { kind: 'unknown' };
  supersede(db, deviceId, found.gen, at);
  if (!successor) {
    db.run`DELETE FROM refreshToken WHERE device = ${deviceId} AND supersededAt <= ${at - asked.idleMs}`;
    db.run`INSERT INTO refreshToken (hash, device, gen) VALUES (${successorHash}, ${deviceId}, ${gen})`;
  }
  db.run`UPDATE device SET refreshedAt = max(refreshedAt, ${at}) WHERE id = ${deviceId}`;
  return { kind: 'rotated', gen };
}

export const refreshReads = {
  /** Whether a token older than `gen` is not superseded yet. Once false for a `gen` that was used it stays so. */
  isRotationPending: (db: Database, deviceId: DeviceId, gen: number): boolean =>
    db.has`SELECT 1 FROM refreshToken WHERE device = ${deviceId} AND gen = ${gen - 1} AND supersededAt IS NULL`,
};

export const refreshWrites = {
  rotateRefreshToken,
  confirmRefreshToken: (db: Database, deviceId: DeviceId, gen: number, at: number): void => {
    if (db.has`SELECT 1 FROM refreshToken WHERE device = ${deviceId} AND gen = ${gen}`)
      supersede(db, deviceId, gen, at);
  },
};
