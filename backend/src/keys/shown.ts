import type { KeysFound } from '#protocol/keys/api';
import type { UserId } from '#protocol/ids';
import {
  keyUserOf,
  type CrossSigningKey,
  type DeviceKeys,
  type KeyUser,
  type Signatures,
} from '#protocol/keys/objects';
import type { KeyringRow } from '../store/keys.ts';
import { nameOf, type SignedOther } from './keyring.ts';

/** Objects with the signatures of their own person alone; what others have signed them with concerns those others. */
function ownSigned<T extends { signatures?: Signatures | undefined }>(object: T, owner: KeyUser): T {
  const own = object.signatures?.[owner];
  return { ...object, signatures: own === undefined ? {} : { [owner]: own } };
}

function masterFor(
  master: CrossSigningKey,
  owner: KeyUser,
  me: KeyUser,
  signed: readonly SignedOther[],
): CrossSigningKey {
  const shown = ownSigned(master, owner);
  const mine = signed.find(({ user, name }) => user === owner && name === nameOf(master));
  return mine ? { ...shown, signatures: { ...shown.signatures, [me]: mine.signatures } } : shown;
}

/** One person's part of the answer to a query. */
export type Shown = Pick<
  KeysFound,
  'device_keys' | 'master_keys' | 'self_signing_keys' | 'user_signing_keys' | 'device_lists'
>;

/**
 * What `me` is shown of somebody: devices and the current dehydrated one, identity and list; the user-signing key is one's own.
 * @param signed what `me` has signed of others
 */
export function shownTo({ userId, ring }: KeyringRow, me: UserId, signed: readonly SignedOther[]): Shown {
  const [owner, asker] = [keyUserOf(userId), keyUserOf(me)];
  const { devices, dehydrated, identity, list } = ring;
  const all: DeviceKeys[] = [
    ...devices.map(({ keys }) => keys),
    ...dehydrated.filter(({ state }) => state === 'current').map(({ keys }) => keys),
  ];
  const own = all.map(keys => [keys.device_id, ownSigned(keys, owner)] as const);
  return {
    device_keys: { [owner]: Object.fromEntries(own) },
    master_keys: identity ? { [owner]: masterFor(identity.master, owner, asker, signed) } : {},
    self_signing_keys: identity ? { [owner]: identity.selfSigning } : {},
    user_signing_keys: identity && userId === me ? { [owner]: identity.userSigning } : {},
    device_lists: list ? { [owner]: { signed: list.signed, signatures: list.signatures } } : {},
  };
}
