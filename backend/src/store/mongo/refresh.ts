import type { DeviceId } from '#protocol/ids';
import type { MongoBase, Unbound } from './base.ts';
import { CONTENDED } from './turns.ts';
import { confirmed, rotated, type Family, type RotationRequest, type Token } from '../../auth/refresh-family.ts';
import type { AccountStore, Rotation } from '../accounts.ts';

const retiredKey = (device: DeviceId, hash: string): string => `${device} ${hash}`;

async function read({ users }: MongoBase, id: DeviceId): Promise<{ family: Family; rev: number } | null> {
  const user = await users.findOne({ 'devices.id': id }, 'devices.id devices.family devices.rev').lean();
  return user?.devices.find(device => device.id === id) ?? null;
}

/** Whether it was still what it had been. */
async function write({ users }: MongoBase, id: DeviceId, rev: number, family: Family): Promise<boolean> {
  const { matchedCount } = await users.updateOne(
    { devices: { $elemMatch: { id, rev, 'family.id': family.id } } },
    { $set: { 'devices.$.family': family, 'devices.$.rev': rev + 1 } },
  );
  return matchedCount > 0;
}

/** When a token of this family was superseded that is no longer in it. */
async function retiredAt(
  { retired }: MongoBase,
  family: Family,
  { deviceId, tokenHash }: RotationRequest,
): Promise<number | undefined> {
  if (family.tokens.some(({ hash }) => hash === tokenHash)) return undefined;
  const found = await retired.findById(retiredKey(deviceId, tokenHash)).lean();
  return found?.family === family.id ? found.supersededAt : undefined;
}

/** @param before those superseded until then, ms since the epoch, are forgotten */
async function retire(
  { retired }: MongoBase,
  device: DeviceId,
  family: string,
  tokens: readonly Token[],
  before: number,
): Promise<void> {
  const upserts = tokens.map(({ hash, supersededAt }) => ({
    updateOne: {
      filter: { _id: retiredKey(device, hash) },
      update: { $set: { device, family, supersededAt: supersededAt ?? 0 } },
      upsert: true,
    },
  }));
  await retired.bulkWrite(upserts);
  await retired.deleteMany({ device, supersededAt: { $lte: before } });
}

/** A token is kept elsewhere before it leaves the family: whoever finds it in neither has never had one. */
async function rotate(base: MongoBase, asked: RotationRequest): Promise<Rotation | typeof CONTENDED> {
  const { deviceId, at, idleMs } = asked;
  const found = await read(base, deviceId);
  if (!found) return { kind: 'unknown' };
  const { family, rev } = found;
  const { rotation, next, retire: old } = rotated(family, asked, await retiredAt(base, family, asked));
  if (old.length > 0) await retire(base, deviceId, family.id, old, at - idleMs);
  if (next && !(await write(base, deviceId, rev, next))) return CONTENDED;
  return rotation;
}

/** Nearly every request asks, and nearly always it is known already: then nothing is written. */
async function confirm(
  base: MongoBase,
  deviceId: DeviceId,
  gen: number,
  at: number,
): Promise<undefined | typeof CONTENDED> {
  const found = await read(base, deviceId);
  const next = found && confirmed(found.family, gen, at);
  if (next && !(await write(base, deviceId, found.rev, next))) return CONTENDED;
  return undefined;
}

export const refreshVerbs: Unbound<Pick<AccountStore, 'rotateRefreshToken' | 'confirmRefreshToken'>> = {
  rotateRefreshToken: (base, asked) => base.attempts(asked.deviceId, () => rotate(base, asked)),
  confirmRefreshToken: (base, deviceId, gen, at) => base.attempts(deviceId, () => confirm(base, deviceId, gen, at)),
};
