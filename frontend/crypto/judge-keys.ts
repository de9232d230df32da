import {
  deviceListOf,
  isListed,
  judgeDeviceList,
  type ListRefusal,
  type OfferedList,
  type PinnedList,
} from '#protocol/crypto/device-list';
import { type UserId } from '#protocol/ids';
import { type KeysFound } from '#protocol/keys/api';
import { userIdOf, type KeyDeviceId, type KeyUser } from '#protocol/keys/objects';
import { isSigned } from './signature.ts';

export interface Judged {
  /** The answer as the library may read it: without devices that the person's own list does not name. */
  readonly answer: KeysFound;
  readonly pins: ReadonlyMap<UserId, PinnedList>;
  /** What was wrong with the list of a person who has an identity. */
  readonly refused: ReadonlyMap<UserId, ListRefusal>;
}

/** This device is its own, whatever a list says. */
interface Own {
  readonly user: KeyUser;
  readonly deviceId: KeyDeviceId;
}

/**
 * Strikes devices out of an answer before the library sees it: each that the newest signed list of its person does not name. Where the
 * server offers no newer list that can be trusted, the pinned one goes on deciding; without one, no device is left.
 * @param asked who was asked about: each is in the answer, or the library would ask without an end
 */
export async function judgeKeys(
  answer: KeysFound,
  asked: readonly KeyUser[],
  pinOf: (userId: UserId) => Promise<PinnedList | undefined>,
  own: Own,
): Promise<Judged> {
  const pins = new Map<UserId, PinnedList>();
  const refused = new Map<UserId, ListRefusal>();
  const device_keys: Record<string, KeysFound['device_keys'][KeyUser]> = {};
  for (const user of asked) {
    const userId = userIdOf(user);
    const pinned = (await pinOf(userId)) ?? null;
    const masterKey = Object.values(answer.master_keys[user]?.keys ?? {})[0] ?? pinned?.masterKey;
    const offered = masterKey === undefined ? null : await offeredBy(answer, user, masterKey);
    const judged = judgeDeviceList(userId, pinned, offered);
    if (judged.ok) pins.set(userId, judged.value.pin);
    // Without an identity nothing is sent to a person, and nothing is missed.
    else if (masterKey !== undefined) refused.set(userId, judged.error);
    const pin = judged.ok ? judged.value.pin : pinned?.masterKey === masterKey ? pinned : null;
    const list = pin && deviceListOf(pin.signed);
    device_keys[user] = Object.fromEntries(
      Object.entries(answer.device_keys[user] ?? {}).filter(
        ([id]) => (user === own.user && id === own.deviceId) || (list !== null && isListed(list, id as KeyDeviceId)),
      ),
    );
  }
  return { answer: { ...answer, device_keys }, pins, refused };
}

async function offeredBy(answer: KeysFound, user: KeyUser, masterKey: string): Promise<OfferedList | null> {
  const list = answer.device_lists[user];
  if (!list) return null;
  const signature = list.signatures[user]?.[`ed25519:${masterKey}`] ?? '';
  return { signed: list.signed, masterKey, isSigned: await isSigned(list.signed, signature, masterKey) };
}
