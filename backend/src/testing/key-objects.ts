import { createHash, randomBytes } from 'node:crypto';
import type { CrossSigning, DehydratedDevice } from '#protocol/keys/api';
import type { DeviceId, UserId } from '#protocol/ids';
import {
  crossSigningKey,
  dehydratedId,
  deviceKeys,
  keyUserOf,
  oneTimeKey,
  signatures,
  type CrossSigningKey,
  type DehydratedId,
  type DeviceKeys,
  type DeviceList,
  type KeyDeviceId,
  type OneTimeKey,
  type Signatures,
} from '#protocol/keys/objects';

/*
 * Objects of the shapes that machines publish, with random keys and signatures: the server takes both for what they say.
 */

export const aKey = (seed: string = randomBytes(8).toString('hex')): string =>
  createHash('sha256').update(seed).digest('base64').slice(0, 43);
const aSignature = (): string => randomBytes(64).toString('base64').slice(0, 86);

/** By `user`, with the key of that name. */
export const signedBy = (user: UserId, name: string): Signatures =>
  signatures.parse({ [keyUserOf(user)]: { [`ed25519:${name}`]: aSignature() } });

export const newDeviceKeys = (user: UserId, device: KeyDeviceId): DeviceKeys =>
  deviceKeys.parse({
    user_id: keyUserOf(user),
    device_id: device,
    algorithms: ['m.olm.v1.curve25519-aes-sha2', 'm.megolm.v1.aes-sha2'],
    keys: { [`curve25519:${device}`]: aKey(), [`ed25519:${device}`]: aKey() },
    signatures: signedBy(user, device),
  });

export const newOneTimeKeys = (
  user: UserId,
  device: KeyDeviceId,
  count: number,
  first = 0,
): Record<string, OneTimeKey> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `signed_curve25519:AAAA${String(first + i).padStart(4, '0')}`,
      oneTimeKey.parse({ key: aKey(), signatures: signedBy(user, device) }),
    ]),
  );

export const newFallbackKey = (
  user: UserId,
  device: KeyDeviceId,
  name = 'AAAAAAAAAAA',
): Record<string, OneTimeKey> => ({
  [`signed_curve25519:${name}`]: oneTimeKey.parse({ key: aKey(), signatures: signedBy(user, device), fallback: true }),
});

type Part = CrossSigningKey['usage'][number];
const part = (user: UserId, usage: Part, key = aKey()): CrossSigningKey =>
  crossSigningKey.parse({
    user_id: keyUserOf(user),
    usage: [usage],
    keys: { [`ed25519:${key}`]: key },
    signatures: signedBy(user, key),
  });

export const newIdentity = (
  user: UserId,
): Pick<CrossSigning, 'master_key' | 'self_signing_key' | 'user_signing_key'> => ({
  master_key: part(user, 'master'),
  self_signing_key: part(user, 'self_signing'),
  user_signing_key: part(user, 'user_signing'),
});

export const newDeviceList = (
  user: UserId,
  number: number,
  devices: readonly DeviceId[] = [],
  dehydrated: DehydratedId | null = null,
): DeviceList => ({
  signed: JSON.stringify({ user: keyUserOf(user), devices, dehydrated, number }),
  signatures: signedBy(user, aKey()),
});

export function newDehydrated(user: UserId): DehydratedDevice {
  const id = dehydratedId.parse(aKey());
  return {
    device_id: id,
    device_data: { algorithm: 'org.matrix.msc3814.v2', device_pickle: aKey(), nonce: 'nonce' },
    device_keys: newDeviceKeys(user, id),
    one_time_keys: newOneTimeKeys(user, id, 3),
    fallback_keys: newFallbackKey(user, id),
  };
}
