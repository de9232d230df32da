import { type CallId, type DeviceAddress } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { type Olm } from './olm.ts';
import { isCommitted, spokenCode, type CallEnd } from './spoken-code.ts';
import { doubtAbout } from './trust.ts';

/** A call of two as one of its ends has it. */
export interface CallSeen {
  readonly callId: CallId;
  /** What this end is in it. */
  readonly as: 'caller' | 'callee';
  /** The device in the other seat. */
  readonly peer: DeviceAddress;
  /** DTLS fingerprints: the one of this end, and the one that is pinned of the other. */
  readonly fingerprint: string;
  readonly peerFingerprint: string;
  /** What the caller has committed to, and what it has revealed; base 64. */
  readonly commitment: string;
  readonly nonce: string;
}

/** What two people say to each other. */
export interface CallCode {
  /** Places in the list of emoji, of 0 to 63. */
  readonly emoji: readonly number[];
  /** The public master key of the other person that went into it, base 64: who says that the codes are the same, has compared this one. */
  readonly masterKey: string;
}

export type CodeRefusal =
  /** The nonce is not the one that was committed to. */
  | 'not-committed'
  /** There are no keys of an end that count. */
  | 'no-keys';

/** The code of a call, by the keys that this machine has of itself and of the other end: nothing of it comes off the wire. */
export async function codeOf(olm: Olm, seen: CallSeen): Promise<Result<CallCode, CodeRefusal>> {
  if (!(await isCommitted(seen.commitment, seen.nonce))) return err('not-committed');
  const keys = await olm.turns.run('keys', async () => {
    if ((await doubtAbout(olm, [seen.peer.userId])) !== null) return null;
    const ownMaster = await olm.masterKeyOf(olm.own.userId);
    const master = await olm.masterKeyOf(seen.peer.userId);
    const device = await olm.deviceOf(seen.peer);
    const deviceKey = device?.isCrossSignedByOwner() === true ? device.ed25519Key?.toBase64() : undefined;
    if (ownMaster === null || master === null || deviceKey === undefined) return null;
    const own = { masterKey: ownMaster, deviceKey: olm.library.identityKeys.ed25519.toBase64() };
    return { own, theirs: { masterKey: master, deviceKey } };
  });
  if (!keys) return err('no-keys');
  const own: CallEnd = { ...keys.own, fingerprint: seen.fingerprint };
  const theirs: CallEnd = { ...keys.theirs, fingerprint: seen.peerFingerprint };
  const [caller, callee] = seen.as === 'caller' ? [own, theirs] : [theirs, own];
  return ok({ emoji: await spokenCode(seen.callId, caller, callee, seen.nonce), masterKey: theirs.masterKey });
}
