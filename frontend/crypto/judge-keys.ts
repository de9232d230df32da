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
  /** Lists that were not pinned before. */
  readonly pins: ReadonlyMap<UserId, PinnedList>;
  /** The master key whose list chose the devices of a person. */
  readonly listed: ReadonlyMap<UserId, string>;
  /** What was wrong with the list of a person who has an identity. */
  readonly refused: ReadonlyMap<UserId, ListRefusal>;
}

/** What this device knows before it reads an answer. */
export interface Known {
  /** The master key whose list chose the devices of a person that the library was given last. */
  listedOf(userId: UserId): Promise<string | undefined>;
  /** The highest list that this identity has signed. */
  pinOf(userId: UserId, masterKey: string): Promise<PinnedList | undefined>;
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
export async function judgeKeys(answer: KeysFound, asked: readonly KeyUser[], known: Known, own: Own): Promise<Judged> {
  const pins = new Map<UserId, PinnedList>();
  const listed = new Map<UserId, string>();
  const refused = new Map<UserId, ListRefusal>();
  const device_keys: Record<string, KeysFound['device_keys'][KeyUser]> = {};
  for (const user of asked) {
    const userId = userIdOf(user);
    const masterKey = offeredKey(answer, user) ?? (await known.listedOf(userId)) ?? null;
    const pinned = masterKey === null ? null : ((await known.pinOf(userId, masterKey)) ?? null);
    const offered = masterKey === null ? null : await offeredBy(answer, user, masterKey);
    const judged = judgeDeviceList(userId, pinned, offered);
    const pin = judged.ok ? judged.value.pin : pinned;
    if (pin && pin.signed !== pinned?.signed) pins.set(userId, pin);
    if (pin) listed.set(userId, pin.masterKey);
    // Without an identity nothing is sent to a person, and nothing is missed.
    if (!judged.ok && masterKey !== null) refused.set(userId, judged.error);
    const list = pin && deviceListOf(pin.signed);
    device_keys[user] = Object.fromEntries(
      Object.entries(answer.device_keys[user] ?? {}).filter(
        ([id]) => (user === own.user && id === own.deviceId) || (list !== null && isListed(list, id as KeyDeviceId)),
      ),
    );
  }
  return { answer: { ...answer, device_keys }, pins, listed, refused };
}

/** Of several keys the library could read another one than is judged here; such an answer changes no identity. */
function offeredKey(answer: KeysFound, user: KeyUser): string | null {
  const [key, ...others] = Object.values(answer.master_keys[user]?.keys ?? {});
  return key !== undefined && others.length === 0 ? key : null;
}

async function offeredBy(answer: KeysFound, user: KeyUser, masterKey: string): Promise<OfferedList | null> {
  const list = answer.device_lists[user];
  if (!list) return null;
  const signature = list.signatures[user]?.[`ed25519:${masterKey}`] ?? '';
  return { signed: list.signed, masterKey, isSigned: await isSigned(list.signed, signature, masterKey) };
}
