import { err, ok, type Result } from '#protocol/result';
import type { CallCode, CallSeen, CodeRefusal } from './call-code.ts';
import { doorOf, type GuestSide } from './guest-link.ts';
import { isCommitted, spokenCode } from './spoken-code.ts';

/**
 * The code of a guest's call (CA43b). No person's key is part of it, so it verifies nobody; where both ends read the same code,
 * there is no man in the middle.
 */
export async function guestCodeOf(
  secret: string,
  seen: CallSeen,
  side: GuestSide,
): Promise<Result<CallCode, CodeRefusal>> {
  if (!(await isCommitted(seen.commitment, seen.nonce))) return err('not-committed');
  const deviceKey = await doorOf(secret);
  const own = { masterKey: side, deviceKey, fingerprint: seen.fingerprint };
  const masterKey = side === 'host' ? 'guest' : 'host';
  const theirs = { masterKey, deviceKey, fingerprint: seen.peerFingerprint };
  const [caller, callee] = seen.as === 'caller' ? [own, theirs] : [theirs, own];
  return ok({ emoji: await spokenCode(seen.callId, caller, callee, seen.nonce), masterKey });
}
