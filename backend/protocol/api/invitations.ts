import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { contact } from '#protocol/api/contacts';
import { uuid } from '#protocol/ids';
import { invitationCode } from '#protocol/invitation-code';

const time = z.int().check(z.nonnegative());

/** How many people one invitation lets in at most, how many days it lasts at most, and how many one person may have open. */
export const MOST_USES = 50;
export const MOST_DAYS = 30;
export const MOST_INVITATIONS = 50;

/** POST /api/invitations */
export const invitationOffer = z.strictObject({
  uses: z.int().check(z.minimum(1), z.maximum(MOST_USES)),
  days: z.int().check(z.minimum(1), z.maximum(MOST_DAYS)),
});
export type InvitationOffer = z.infer<typeof invitationOffer>;

/** GET /api/invitations: one's own that can still be used. The code is not among it: only its hash is kept. */
export const invitation = z.object({ id: uuid, uses: z.int(), used: z.int(), createdAt: time, expiresAt: time });
export type Invitation = z.infer<typeof invitation>;
/** The answer to making one, which has the code once, and where the link to it leads, best first. */
export const madeInvitation = z.object({ ...invitation.shape, code: invitationCode });
export type MadeInvitation = z.infer<typeof madeInvitation>;
/**
 * `welcome` is where a guest's device begins that does not trust the server yet, `fingerprint` (SHA-256, hexadecimal) what it
 * compares the root with; both are absent where there is nothing to trust first.
 */
export const linkedInvitation = z.object({
  ...madeInvitation.shape,
  origins: z.array(z.string()),
  welcome: z.optional(z.string()),
  fingerprint: z.optional(z.string()),
});
export type LinkedInvitation = z.infer<typeof linkedInvitation>;

/** POST /api/invitations/open and /accept: the code travels in a body, never in an address. */
export const shownInvitation = z.strictObject({ code: invitationCode });
/** Who invites; nobody in particular where it was made at the terminal. */
export const openedInvitation = z.object({ inviter: z.optional(person), expiresAt: time });
export type OpenedInvitation = z.infer<typeof openedInvitation>;

/** What an invitation did for somebody who has an account. */
export const acceptedInvitation = z.object({
  outcome: z.enum(['accepted', 'already', 'own']),
  contact: z.optional(contact),
});
export type AcceptedInvitation = z.infer<typeof acceptedInvitation>;
