import { OwnUserIdentity, SecretsBundle } from '@matrix-org/matrix-sdk-crypto-wasm';
import { deviceListOf, isListed, nextDeviceList } from '#protocol/crypto/device-list';
import { type DeviceId } from '#protocol/ids';
import { keyUserOf, type DeviceList, type DeviceListSays } from '#protocol/keys/objects';
import { queryKeys, Refused } from './key-server.ts';
import { publicKeyOf, type Olm } from './olm.ts';
import { type Secrets } from './secrets-bundle.ts';
import { publicKeyOfSeed } from './signature.ts';

/** The private keys of an identity, base 64. */
export type IdentityKeys = Secrets['crossSigning'];

/** The identity that the server hands out is not the one of the secrets. */
export class OtherIdentity extends Error {}
const OTHER = 'the identity on the server is not the one of the secrets';

/** Another device puts a list at the same time; more often than this, something else is wrong. */
const LIST_TRIES = 5;

/**
 * Makes this person's identity, with a list of devices that names this one. The first device of a person does; where another one
 * was first, it adopts that one's.
 * @param loginSecret replaces an identity: everybody is told
 * @returns false where there is an identity already and it is not to be replaced
 */
export async function makeIdentity(olm: Olm, loginSecret?: string): Promise<boolean> {
  // The server takes signatures of keys that it has.
  await olm.pump();
  const made = await olm.library.bootstrapCrossSigning(true);
  // From here to its secrets a page may end anywhere: the next one knows whose identity it finds.
  await olm.rows.put('identity', 'made', (await olm.masterKeyOf(olm.own.userId)) ?? '');
  if (made.uploadKeysRequest) await olm.send(made.uploadKeysRequest as Parameters<Olm['send']>[0]);
  const keys = JSON.parse(made.uploadSigningKeysRequest.body) as object;
  const text = nextDeviceList(olm.own.userId, null, { devices: [olm.own.deviceId], dehydrated: null });
  const deviceList = await signed(olm, text);
  try {
    await olm.options.server.ask('PUT', '/api/keys/cross-signing', {
      ...keys,
      deviceList,
      ...(loginSecret !== undefined && { loginSecret }),
    });
  } catch (error) {
    if (error instanceof Refused && error.type === 'identity-exists') return false;
    throw error;
  }
  await olm.send(made.uploadSignaturesRequest);
  await pinOwnIdentity(olm);
  await queryOwn(olm);
  await letGoOfSignatures(olm);
  return true;
}

/** Whether this device has made the identity that the server shows, and has no secrets of it yet. */
export async function isUnfinished(olm: Olm): Promise<boolean> {
  const made = await olm.rows.get('identity', 'made');
  return made !== undefined && made === (await olm.masterKeyOf(olm.own.userId));
}

/** There are secrets of the identity that was made. */
export const finished = (olm: Olm): Promise<void> => olm.rows.remove('identity', 'made');

/**
 * The new identity of this person has signed no other person yet. Who was verified by the identity before is pinned again, since the
 * library would take them for people whose identity was replaced.
 */
async function letGoOfSignatures(olm: Olm): Promise<void> {
  for (const user of await olm.library.trackedUsers()) {
    const identity = await olm.library.getIdentity(user);
    if (!identity || identity instanceof OwnUserIdentity) continue;
    if (identity.hasVerificationViolation() && !identity.identityNeedsUserApproval())
      await identity.withdrawVerification();
  }
}

/** The public master key that the server shows; null: none. The library also has one that was made here and never put. */
export async function identityThere(olm: Olm): Promise<string | null> {
  const user = keyUserOf(olm.own.userId);
  const { master_keys: shown } = await queryKeys(olm.options.server, [user]);
  return shown[user] ? publicKeyOf(JSON.stringify(shown[user])) : null;
}

/** The private keys, for the sealed secrets. */
export async function identityKeys(olm: Olm): Promise<IdentityKeys | null> {
  const exported = await olm.library.exportCrossSigningKeys();
  const { masterKey: master, self_signing_key: selfSigning, userSigningKey: userSigning } = exported ?? {};
  return master && selfSigning && userSigning ? { master, selfSigning, userSigning } : null;
}

/**
 * Takes the person's identity over from its opened secrets, signs this device with it, and adds it to the list.
 * @throws {OtherIdentity}
 */
export async function adoptIdentity(olm: Olm, { master, selfSigning, userSigning }: IdentityKeys): Promise<void> {
  await olm.pump();
  await queryOwn(olm);
  // The library imports keys of another identity than the server's without a word.
  if ((await publicKeyOfSeed(master)) !== (await olm.masterKeyOf(olm.own.userId))) throw new OtherIdentity(OTHER);
  const keys = { master_key: master, self_signing_key: selfSigning, user_signing_key: userSigning };
  await olm.library.importSecretsBundle(SecretsBundle.from_json({ cross_signing: keys }));
  const status = await olm.library.crossSigningStatus();
  if (!status.hasMaster || !status.hasSelfSigning || !status.hasUserSigning) {
    throw new OtherIdentity(OTHER);
  }
  const device = await olm.deviceOf(olm.own);
  if (!device) throw new Error('the library does not know its own device');
  await olm.send(await device.verify());
  await pinOwnIdentity(olm);
  await letGoOfSignatures(olm);
  await changeDevices(olm, devices => [...devices, olm.own.deviceId]);
}

/**
 * Signs a list of this person's devices as `change` says, and puts it on the server. Others refuse every list before it.
 * @returns the devices that it names
 */
export async function changeDevices(
  olm: Olm,
  change: (devices: readonly DeviceId[]) => readonly DeviceId[],
): Promise<readonly DeviceId[]> {
  const { devices } = await changeDeviceList(olm, list => ({ ...list, devices: [...change(list.devices)] }));
  return devices;
}

/** The list that this person's identity has signed, as this device knows it; null: none. */
export async function ownDeviceList(olm: Olm): Promise<DeviceListSays | null> {
  const pin = await olm.ownPin();
  return pin ? deviceListOf(pin.signed) : null;
}

/** Which devices a list names. */
type Named = Pick<DeviceListSays, 'devices' | 'dehydrated'>;

/**
 * The same for the whole list.
 * @param change called again with the newer list where another device has changed it in the meantime
 * @returns what it names
 */
export async function changeDeviceList(olm: Olm, change: (list: Named) => Named | Promise<Named>): Promise<Named> {
  for (let tries = 1; ; tries++) {
    await queryOwn(olm);
    const before = await ownDeviceList(olm);
    const named = await change({ devices: before?.devices ?? [], dehydrated: before?.dehydrated ?? null });
    const text = nextDeviceList(olm.own.userId, before, named);
    try {
      await olm.options.server.ask('PUT', '/api/keys/device-list', await signed(olm, text));
    } catch (error) {
      const isStale = error instanceof Refused && error.type === 'stale';
      if (isStale && tries < LIST_TRIES) continue;
      throw error;
    }
    await queryOwn(olm);
    return named;
  }
}

/** What this device is of its person, as far as it has heard from the server. */
export type Standing =
  /** There is no identity: one is to be made. */
  | 'none'
  /** There is one, and its secrets were not opened here. */
  | 'locked'
  | 'own'
  /** Another device of this person has taken this one out of the list. */
  | 'removed'
  /** Another identity took the place of the one of this device. */
  | 'replaced'
  /** Its keys are gone, and others under its id are not taken: this is to become another device. */
  | 'lost';

export async function standing(olm: Olm): Promise<Standing> {
  if (olm.isLost) return 'lost';
  // A crash came between the identity and its secrets.
  if (await isUnfinished(olm)) return 'locked';
  const state = await ownIdentityState(olm);
  if (state === 'none') return (await olm.masterKeyOf(olm.own.userId)) === null ? 'none' : 'locked';
  if (state === 'replaced') return state;
  if ((await olm.rows.get('secret', 'own')) === undefined) return 'locked';
  const list = await ownDeviceList(olm);
  return list && !isListed(list, olm.own.deviceId) ? 'removed' : 'own';
}

/** Whether this person's identity is the one that this device has made or adopted. */
export async function ownIdentityState(olm: Olm): Promise<'none' | 'own' | 'replaced'> {
  const pinned = await olm.rows.get('identity', 'own');
  if (pinned === undefined) return 'none';
  return (await olm.masterKeyOf(olm.own.userId)) === pinned ? 'own' : 'replaced';
}

async function pinOwnIdentity(olm: Olm): Promise<void> {
  const identity = await olm.identityOf(olm.own.userId);
  if (!identity) throw new Error('there is no identity to pin');
  await olm.rows.put('identity', 'own', publicKeyOf(identity.masterKey));
}

export async function queryOwn(olm: Olm): Promise<void> {
  await olm.turns.run('keys', () => olm.askFor(olm.own.userId));
}

/** A text with the signature of the master key, as the server keeps a list of devices. */
async function signed(olm: Olm, text: string): Promise<DeviceList> {
  const signatures = JSON.parse((await olm.library.sign(text)).asJSON()) as DeviceList['signatures'];
  return { signed: text, signatures };
}
