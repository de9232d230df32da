import type { CrossSigning, DehydratedDevice, SealedSecrets, SignaturesUpload } from '#protocol/keys/api';
import { isLonger } from '#protocol/bytes';
import { deviceListOf } from '#protocol/crypto/device-list';
import type { DeviceId, UserId } from '#protocol/ids';
import {
  DEHYDRATED_TAKEN_MS,
  KEYRING_BYTES,
  SIGNATURES_KEPT,
  SIGNED_KEYS_BYTES,
  SIGNED_OTHERS,
} from '#protocol/keys/limits';
import {
  isAtMost,
  keyUserOf,
  type CrossSigningKey,
  type DehydratedId,
  type DeviceKeys,
  type DeviceList,
  type KeyDeviceId,
  type KeyUser,
  type Opaque,
  type Signatures,
} from '#protocol/keys/objects';

/*
 * What a person's devices have published for end-to-end encryption, and how it may change. Pure functions, by name, so that
 * the writing thread of one engine and the compare-and-set of the other run the same ones; one may run again after a race.
 */

export type DehydratedState = {
  id: DehydratedId;
  keys: DeviceKeys;
  data: Opaque;
  state: 'current' | 'retired';
  takenBy: DeviceId | null;
  /** Ms since the epoch. */
  takenAt: number;
};

export type Identity = { master: CrossSigningKey; selfSigning: CrossSigningKey; userSigning: CrossSigningKey };

/** What this person has signed another one's master key with: `name` is the key's own name (`ed25519:…`). */
export type SignedOther = { user: KeyUser; name: string; signatures: Record<string, string> };

export type Keyring = {
  /** Devices that are there, each with its keys. */
  devices: { id: DeviceId; keys: DeviceKeys }[];
  identity: Identity | null;
  list: (DeviceList & { number: number }) | null;
  signedOthers: SignedOther[];
  dehydrated: DehydratedState[];
  secrets: SealedSecrets | null;
};

export const NO_KEYRING: Keyring = {
  devices: [],
  identity: null,
  list: null,
  signedOthers: [],
  dehydrated: [],
  secrets: null,
};

type Change<T> = [keyring: Keyring, answer: T];

/** JSON with sorted names, without what a signature does not cover (Matrix, "Signing JSON"). */
function signedText(value: object): string {
  const { signatures: _, unsigned: __, ...signed } = value as Record<string, unknown>;
  return JSON.stringify(signed, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Whether two objects are the same but for who has signed them. */
export const isSame = (one: object, other: object): boolean => signedText(one) === signedText(other);

/** The name of the one key of a part of an identity, `ed25519:<public key>`. */
export const nameOf = ({ keys }: CrossSigningKey): string => Object.keys(keys)[0] ?? '';

/** With the signatures of `of` added; the same one where there is no new one, or no room for it. */
function withSignatures<T extends { signatures?: Signatures | undefined }>(
  object: T,
  added: Signatures | undefined,
  of: KeyUser,
): T {
  const news = Object.entries(added?.[of] ?? {}).filter(([name, text]) => object.signatures?.[of]?.[name] !== text);
  const signatures = { ...object.signatures, [of]: { ...object.signatures?.[of], ...Object.fromEntries(news) } };
  const total = Object.values<Record<string, string>>(signatures).reduce(
    (sum, own) => sum + Object.keys(own).length,
    0,
  );
  const more = { ...object, signatures };
  return news.length === 0 || total > SIGNATURES_KEPT || !isAtMost(more, SIGNED_KEYS_BYTES) ? object : more;
}

/** A device publishes its keys once. */
function putDeviceKeys(ring: Keyring, { id, keys }: { id: DeviceId; keys: DeviceKeys }): Change<'kept' | 'keys-fixed'> {
  const known = ring.devices.find(device => device.id === id);
  if (known) return [ring, isSame(known.keys, keys) ? 'kept' : 'keys-fixed'];
  return [{ ...ring, devices: [...ring.devices, { id, keys }] }, 'kept'];
}

/** @param replace whether another identity may go: the password was given */
function putIdentity(
  ring: Keyring,
  { user, keys, replace }: { user: UserId; keys: Omit<CrossSigning, 'loginSecret'>; replace: boolean },
): Change<'kept' | 'identity-exists' | 'stale'> {
  const { master_key: master, self_signing_key: selfSigning, user_signing_key: userSigning, deviceList } = keys;
  const known = ring.identity;
  const isKnown =
    known !== null &&
    isSame(known.master, master) &&
    isSame(known.selfSigning, selfSigning) &&
    isSame(known.userSigning, userSigning);
  if (known && !isKnown && !replace) return [ring, 'identity-exists'];
  const next = isKnown ? ring : withIdentity(ring, { master, selfSigning, userSigning });
  if (!deviceList) return [next, 'kept'];
  const [listed, answer] = putDeviceList(next, { user, list: deviceList });
  return answer === 'kept' ? [listed, 'kept'] : [ring, 'stale'];
}

/** What the identity of before has signed means nothing under another one; devices are left with what they signed themselves. */
function withIdentity(ring: Keyring, identity: Identity): Keyring {
  const devices = ring.devices.map(({ id, keys }) => ({ id, keys: signedAlone(keys) }));
  const dehydrated = ring.dehydrated.map(one => ({ ...one, keys: signedAlone(one.keys) }));
  return { ...ring, identity, devices, dehydrated, list: null, signedOthers: [] };
}

function signedAlone(keys: DeviceKeys): DeviceKeys {
  const name = `ed25519:${keys.device_id}`;
  const own = keys.signatures[keys.user_id]?.[name];
  return { ...keys, signatures: own === undefined ? {} : { [keys.user_id]: { [name]: own } } };
}

/** @returns the number inside a signed list of devices; null where the text has none, or names another user */
export function numberOf(list: DeviceList, user: UserId): number | null {
  const says = deviceListOf(list.signed);
  return says?.user === keyUserOf(user) ? says.number : null;
}

/** One that says something else takes a higher number than the one before it. */
function putDeviceList(ring: Keyring, { user, list }: { user: UserId; list: DeviceList }): Change<'kept' | 'stale'> {
  const number = numberOf(list, user);
  if (ring.list?.signed === list.signed) return [ring, 'kept'];
  if (number === null || number <= (ring.list?.number ?? 0)) return [ring, 'stale'];
  return [{ ...ring, list: { ...list, number } }, 'kept'];
}

/** Of the master keys of others that exist, to sign. */
export type Masters = { user: KeyUser; master: CrossSigningKey }[];
type SignInput = { user: UserId; signed: SignaturesUpload; others: Masters };
export type Unsigned = { user: KeyUser; id: string; reason: 'not-found' | 'another' }[];

/** Adds this person's own signatures to what they have signed; answers with what could not be. */
function addSignatures(ring: Keyring, { user, signed, others }: SignInput): Change<Unsigned> {
  const me = keyUserOf(user);
  const failed: Unsigned = [];
  let next = ring;
  for (const [whose, objects] of Object.entries(signed) as [KeyUser, SignaturesUpload[KeyUser]][])
    for (const [id, object] of Object.entries(objects ?? {})) {
      const outcome = whose === me ? signOwn(next, id, object, me) : signOther(next, { id, object, me, whose, others });
      if (typeof outcome === 'string') failed.push({ user: whose, id, reason: outcome });
      else next = outcome;
    }
  return [next, failed];
}

type Signable = DeviceKeys | CrossSigningKey;

function signOwn(ring: Keyring, id: string, object: Signable, me: KeyUser): Keyring | 'not-found' | 'another' {
  const device = ring.devices.find(one => one.id === id);
  const dehydrated = ring.dehydrated.find(one => one.id === id);
  const known = device?.keys ?? dehydrated?.keys ?? masterNamed(ring.identity, id);
  if (!known) return 'not-found';
  if (!isSame(known, object)) return 'another';
  const more = withSignatures<Signable>(known, object.signatures, me);
  if (more === known) return ring;
  // The object is the one that was found, with signatures.
  if (device)
    return { ...ring, devices: ring.devices.map(one => (one === device ? { ...one, keys: more as DeviceKeys } : one)) };
  if (dehydrated)
    return {
      ...ring,
      dehydrated: ring.dehydrated.map(one => (one === dehydrated ? { ...one, keys: more as DeviceKeys } : one)),
    };
  return { ...ring, identity: ring.identity && { ...ring.identity, master: more as CrossSigningKey } };
}

const masterNamed = (identity: Identity | null, id: string): CrossSigningKey | undefined =>
  identity && nameOf(identity.master) === `ed25519:${id}` ? identity.master : undefined;

type OtherInput = { id: string; object: Signable; me: KeyUser; whose: KeyUser; others: Masters };

function signOther(ring: Keyring, { id, object, me, whose, others }: OtherInput): Keyring | 'not-found' | 'another' {
  const name = `ed25519:${id}`;
  const master = others.find(one => one.user === whose && nameOf(one.master) === name)?.master;
  if (!master) return 'not-found';
  if (!isSame(master, object)) return 'another';
  const known = ring.signedOthers.find(one => one.user === whose && one.name === name);
  const news = Object.entries(object.signatures?.[me] ?? {}).filter(([by, text]) => known?.signatures[by] !== text);
  const signatures = { ...known?.signatures, ...Object.fromEntries(news) };
  // A request without a new signature leaves the order of the list as it is, and removes no one from a full list.
  if (news.length === 0 || Object.keys(signatures).length > SIGNATURES_KEPT) return ring;
  // Signatures of an earlier master key do not count for this one.
  const kept = ring.signedOthers.filter(one => one.user !== whose).slice(1 - SIGNED_OTHERS);
  return { ...ring, signedOthers: [...kept, { user: whose, name, signatures }] };
}

/** Becomes the current dehydrated device in the place of the one that `replaces` names. */
function putDehydrated(
  ring: Keyring,
  { replaces, device }: { replaces: DehydratedId | null; device: DehydratedDevice },
): Change<'kept' | 'stale'> {
  const current = ring.dehydrated.find(one => one.state === 'current');
  const { device_id: id, device_data: data, device_keys: keys } = device;
  if (current?.id === id && isSame(current.keys, keys)) return [ring, 'kept'];
  const isTaken = ring.dehydrated.some(one => one.id === id || one.state === 'retired');
  if (isTaken || (current?.id ?? null) !== replaces) return [ring, 'stale'];
  const retired = current ? [{ ...current, state: 'retired' as const }] : [];
  const next = { id, keys, data, state: 'current' as const, takenBy: null, takenAt: 0 };
  return [{ ...ring, dehydrated: [...retired, next] }, 'kept'];
}

/** One device has it at a time. */
function takeDehydrated(
  ring: Keyring,
  { id, by, at }: { id: DehydratedId; by: DeviceId; at: number },
): Change<'taken' | 'stale' | 'not-found'> {
  const found = ring.dehydrated.find(one => one.id === id);
  if (!found) return [ring, 'not-found'];
  const isHeld = found.takenBy !== null && found.takenBy !== by && found.takenAt > at - DEHYDRATED_TAKEN_MS;
  if (isHeld) return [ring, 'stale'];
  const taken = { ...found, takenBy: by, takenAt: at };
  return [{ ...ring, dehydrated: ring.dehydrated.map(one => (one === found ? taken : one)) }, 'taken'];
}

const deleteDehydrated = (ring: Keyring, { id }: { id: DehydratedId }): Change<'deleted'> =>
  ring.dehydrated.some(one => one.id === id)
    ? [{ ...ring, dehydrated: ring.dehydrated.filter(one => one.id !== id) }, 'deleted']
    : [ring, 'deleted'];

/** The next number, or the same again. */
function putSecrets(ring: Keyring, secrets: SealedSecrets): Change<'kept' | 'stale'> {
  const known = ring.secrets;
  if (known?.number === secrets.number && isSame(known.sealed, secrets.sealed)) return [ring, 'kept'];
  if (secrets.number !== (known?.number ?? 0) + 1) return [ring, 'stale'];
  return [{ ...ring, secrets }, 'kept'];
}

/** The rules by which a keyring changes, by name. */
export const KEYRING_RULES = {
  putDeviceKeys,
  putIdentity,
  putDeviceList,
  addSignatures,
  putDehydrated,
  takeDehydrated,
  deleteDehydrated,
  putSecrets,
};
export type KeyringRule = keyof typeof KEYRING_RULES;
export type RuleInput<R extends KeyringRule> = Parameters<(typeof KEYRING_RULES)[R]>[1];
export type RuleAnswer<R extends KeyringRule> = ReturnType<(typeof KEYRING_RULES)[R]>[1] | 'no-room';

/** Applies a rule by its name; `no-room` where what outlives an epoch would grow beyond `KEYRING_BYTES`. */
export function applied<R extends KeyringRule>(rule: R, ring: Keyring, input: RuleInput<R>): Change<RuleAnswer<R>> {
  // The table pairs each name with its own input and answer, which a union of its functions forgets.
  const change = KEYRING_RULES[rule] as (ring: Keyring, input: RuleInput<R>) => Change<RuleAnswer<R>>;
  const [after, answer] = change(ring, input);
  return after !== ring && hasNoRoom(ring, after) ? [ring, 'no-room'] : [after, answer];
}

/** One that is too long already may still shrink. */
function hasNoRoom(before: Keyring, after: Keyring): boolean {
  const text = keptText(after);
  return isLonger(text, KEYRING_BYTES) && text.length > keptText(before).length;
}
const keptText = ({ dehydrated: _, ...kept }: Keyring): string => JSON.stringify(kept);

/** Whether there is anything in it that outlives an epoch: a dehydrated device does not. */
export const isKept = ({ devices, identity, list, signedOthers, secrets }: Omit<Keyring, 'dehydrated'>): boolean =>
  devices.length + signedOthers.length > 0 || identity !== null || list !== null || secrets !== null;

const currentOf = ({ dehydrated }: Keyring): DehydratedState | undefined =>
  dehydrated.find(one => one.state === 'current');

/** Whether what others are shown of this person has changed. */
export const looksOther = (before: Keyring, after: Keyring): boolean =>
  before.devices !== after.devices ||
  before.identity !== after.identity ||
  before.list !== after.list ||
  currentOf(before)?.keys !== currentOf(after)?.keys;

/** A device among all people's, by which its one-time keys and its inbox are found: a dehydrated one has no id of the server's. */
export const placeOf = (userId: UserId, id: KeyDeviceId): string => `${userId} ${id}`;
