import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { conversationId, userId } from '#protocol/ids';
import { isEnoughToSearch } from '#protocol/search-text';

const time = z.int().check(z.nonnegative());

/** GET /api/users?search=… : by the beginning of a name, as much of it as `isEnoughToSearch` wants. */
export const userSearch = z.object({ search: z.string().check(z.maxLength(64), z.refine(isEnoughToSearch)) });

/**
 * One person as this user's contact: `accepted` by both, `requested` by this user, `incoming` from the other,
 * `blocked` by this user. Somebody who blocked this user is still `accepted` here.
 */
export const contactState = z.enum(['accepted', 'requested', 'incoming', 'blocked']);
export type ContactState = z.infer<typeof contactState>;
export const contact = z.object({
  person,
  state: contactState,
  since: time,
  /** The direct conversation, once there was one. */
  conversationId: z.optional(conversationId),
});
export type Contact = z.infer<typeof contact>;

/** POST /api/contacts; then POST /api/contacts/:userId/{accept,decline,block,unblock}, DELETE /api/contacts/:userId */
export const contactRequest = z.strictObject({ userId });
