import * as z from 'zod/mini';
import { deviceId, userId, type DeviceAddress } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';

/**
 * Who a session was proved to be from, by a device that received it from its author. It travels with each exported session: the
 * library takes an imported session for one of any sender.
 */
export const provenance = z.object({
  userId,
  deviceId,
  /** Public keys in base64: of the device, and of the person's identity at that time. */
  ed25519: z.string(),
  curve25519: z.string(),
  masterKey: z.string(),
});
export type Provenance = z.infer<typeof provenance>;

/** The keys that a decryption names. */
export interface SenderKeys {
  readonly senderCurve25519Key: string;
  readonly senderClaimedEd25519Key: string;
}

/** How it is known who wrote an entry. `shown-by`: forwarded history, whose author is a claim of who has forwarded it. */
export type Proof =
  | { readonly how: 'cross-signed' }
  | { readonly how: 'imported'; readonly from: Provenance }
  | { readonly how: 'shown-by'; readonly userId: DeviceAddress['userId'] };

export type ProvenanceRefusal = 'other-keys' | 'other-author';

/**
 * Compares the record of an imported session with what was decrypted by it.
 * @returns the device that the record proves
 */
export function provedBy(
  record: Provenance,
  keys: SenderKeys,
  said: DeviceAddress,
): Result<DeviceAddress, ProvenanceRefusal> {
  if (record.curve25519 !== keys.senderCurve25519Key || record.ed25519 !== keys.senderClaimedEd25519Key) {
    return err('other-keys');
  }
  if (record.userId !== said.userId || record.deviceId !== said.deviceId) return err('other-author');
  return ok({ userId: record.userId, deviceId: record.deviceId });
}
