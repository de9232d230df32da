import * as z from 'zod/mini';

/*
 * A device of a person approves a new one by its QR code: it signs and lists the new device, and sends it by this event what opens
 * the person's secrets. The box is encrypted under a key from the secret of the code: only a device that has scanned the code can make it.
 */

export const APPROVED_TYPE = 'parley.approved';

/** `box`: base 64 of AES-256-GCM with the nonce before it, as `approval-box.ts` of the machine encrypts it. */
export const approvedEvent = z.strictObject({
  version: z.literal(1),
  box: z.string().check(z.regex(/^[A-Za-z0-9+/]{16,2000}$/)),
});
export type ApprovedEvent = z.infer<typeof approvedEvent>;
