import { OwnUserIdentity } from '@matrix-org/matrix-sdk-crypto-wasm';
import { SIGNED_TYPE, type SignedEvent } from '#protocol/crypto/comparing';
import { type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { type Events } from './events.ts';
import { ownIdentityState } from './identity.ts';
import { publicKeyOf, type Olm } from './olm.ts';
import { doubtAbout, trustIn } from './trust.ts';

/** Public master keys, base 64. */
export interface Identities {
  /** Null: this device is not its person's. */
  readonly own: string | null;
  /** Null: they have no identity yet. */
  readonly theirs: string | null;
}

export interface Compared {
  readonly userId: UserId;
  /** The public master key that was compared, base 64. */
  readonly masterKey: string;
  /** Whether it may be another identity than before: one that was compared in person is the answer to that question. */
  readonly mayBeNew?: boolean;
}

/** Why nobody was verified. */
export type VerifyRefusal =
  /** This device is not its person's, or their identity was replaced. */
  | 'not-own'
  | 'no-identity'
  /** The identity that is here now is not the one that was compared. */
  | 'other-identity'
  /** It is another one than before, which is to be decided first. */
  | 'identity-changed'
  /** The server shows no signature. */
  | 'not-kept';

/** What this device has of both identities. */
export async function identities(olm: Olm, userId: UserId): Promise<Identities> {
  const isOwn = (await ownIdentityState(olm)) === 'own';
  return { own: isOwn ? await olm.masterKeyOf(olm.own.userId) : null, theirs: await olm.masterKeyOf(userId) };
}

/** After this person has compared: signs the identity of somebody, by which every device of theirs knows it, and tells those. */
export async function verify(olm: Olm, events: Events, compared: Compared): Promise<Result<null, VerifyRefusal>> {
  const verified = await signed(olm, compared);
  const content: SignedEvent = { version: 1, userId: compared.userId };
  // A device that does not hear of it sees the signature when it asks for these keys next.
  if (verified.ok) await events.sendToAll(olm.own.userId, SIGNED_TYPE, content).catch(() => undefined);
  return verified;
}

function signed(olm: Olm, { userId, masterKey, mayBeNew }: Compared): Promise<Result<null, VerifyRefusal>> {
  return olm.turns.run('keys', async () => {
    if ((await doubtAbout(olm, [])) !== null) return err('not-own');
    const identity = await olm.identityOf(userId);
    if (!identity || identity instanceof OwnUserIdentity) return err('no-identity');
    // The key of this very object is signed below, whatever the server shows meanwhile.
    if (publicKeyOf(identity.masterKey) !== masterKey) return err('other-identity');
    const isViolated = identity.hasVerificationViolation();
    if (isViolated || identity.identityNeedsUserApproval()) {
      if (mayBeNew !== true) return err('identity-changed');
      if (isViolated) await identity.withdrawVerification();
      await identity.pinCurrentMasterKey();
    }
    await olm.send(await identity.verify());
    await olm.askFor(userId);
    olm.keysChanged++;
    return (await trustIn(olm, userId)) === 'verified' ? ok(null) : err('not-kept');
  });
}
