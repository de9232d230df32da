import { OwnUserIdentity } from '@matrix-org/matrix-sdk-crypto-wasm';
import { type UserId } from '#protocol/ids';
import { ownIdentityState } from './identity.ts';
import { libraryUser, type Olm } from './olm.ts';

/** What is known of a person: pinned at first contact, verified by comparing, changed since then. */
export type Trust = 'none' | 'pinned' | 'verified' | 'changed' | 'verified-changed';

/** Why nothing is sent. A person decides about a change; the others mend themselves or are waited for. */
export type SendRefusal =
  /** `who` has no identity yet: what is written waits until they have opened the app. */
  | { readonly why: 'no-identity'; readonly who: UserId }
  /** Another identity than the one that was pinned, or compared. */
  | { readonly why: 'identity-changed'; readonly who: UserId; readonly wasVerified: boolean }
  /** An identity without a list of devices that it has signed. */
  | { readonly why: 'no-device-list'; readonly who: UserId }
  /** One's own identity was replaced by somebody. */
  | { readonly why: 'own-identity-changed' }
  /** This device has no identity yet, or is not signed by it. */
  | { readonly why: 'not-signed-in' }
  /** The device that is meant, or each that `who` has, is not signed by them: signed ones come by themselves. */
  | { readonly why: 'no-device'; readonly who: UserId }
  | { readonly why: 'too-large' };

export async function trustIn(olm: Olm, userId: UserId): Promise<Trust> {
  const identity = await olm.identityOf(userId);
  if (!identity) return 'none';
  if (identity.hasVerificationViolation()) return 'verified-changed';
  if (!(identity instanceof OwnUserIdentity) && identity.identityNeedsUserApproval()) return 'changed';
  return identity.isVerified() ? 'verified' : 'pinned';
}

/**
 * Looked at before each share: the library shares keys with a replaced identity all the same.
 * @returns what stands against sending to these people; null: nothing
 */
export async function doubtAbout(olm: Olm, people: readonly UserId[]): Promise<SendRefusal | null> {
  const own = await ownIdentityState(olm);
  if (own === 'replaced') return { why: 'own-identity-changed' };
  const device = own === 'own' ? await olm.deviceOf(olm.own) : undefined;
  if (device?.isCrossSignedByOwner() !== true) return { why: 'not-signed-in' };
  for (const who of people) {
    // One's own identity was looked at above.
    const trust = who === olm.own.userId ? 'pinned' : await trustIn(olm, who);
    if (trust === 'none') return { why: 'no-identity', who };
    if (trust === 'changed' || trust === 'verified-changed') {
      return { why: 'identity-changed', who, wasVerified: trust === 'verified-changed' };
    }
    const listed = await olm.rows.get('listed', who);
    if (listed === undefined || listed !== (await olm.masterKeyOf(who))) return { why: 'no-device-list', who };
    if (await areDevicesUnsigned(olm, who)) return { why: 'no-device', who };
  }
  return null;
}

/**
 * An identity and its list are there one request before the first device is signed with it. The library gives keys to signed devices
 * alone: what is encrypted in between would be read by nobody.
 */
async function areDevicesUnsigned(olm: Olm, who: UserId): Promise<boolean> {
  const devices = await olm.devicesOf(who);
  return devices.length > 0 && !devices.some(device => device.isCrossSignedByOwner());
}

/** The person here goes on with the identity that somebody has now: it is pinned, and no longer verified. */
export async function acceptIdentity(olm: Olm, userId: UserId): Promise<void> {
  const identity = await olm.library.getIdentity(libraryUser(userId));
  if (!identity || identity instanceof OwnUserIdentity) return;
  if (identity.hasVerificationViolation()) await identity.withdrawVerification();
  await identity.pinCurrentMasterKey();
  olm.keysChanged++;
}
