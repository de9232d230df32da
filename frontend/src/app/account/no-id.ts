import { conversationId, type ConversationId, userId, type UserId } from '#protocol/ids';

/** A valid UUID that is never generated. */
const NONE = '00000000-0000-8000-8000-000000000000';

/** The user id while no account is signed in. No account has it. */
export const NOBODY: UserId = userId.parse(NONE);
/** The conversation id while no conversation is open. No conversation has it. */
export const NO_CONVERSATION: ConversationId = conversationId.parse(NONE);

/** The person that an address of this app names; nobody where it names none. */
export const userIdIn = (address: string): UserId => userId.safeParse(address).data ?? NOBODY;
/** The conversation that an address of this app names; none where it names none. */
export const conversationIdIn = (address: string): ConversationId =>
  conversationId.safeParse(address).data ?? NO_CONVERSATION;
