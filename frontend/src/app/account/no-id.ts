import { conversationId, type ConversationId, userId, type UserId } from '#protocol/ids';

/** Well formed, and never given to anything: ids are random or derived. */
const NONE = '00000000-0000-8000-8000-000000000000';

/** Stands where nobody is signed in: no account has this id. */
export const NOBODY: UserId = userId.parse(NONE);
/** Stands where no conversation is named: what is looked up by it is not there. */
export const NO_CONVERSATION: ConversationId = conversationId.parse(NONE);

/** The person that an address of this app names; nobody where it names none. */
export const userIdIn = (address: string): UserId => userId.safeParse(address).data ?? NOBODY;
/** The conversation that an address of this app names; none where it names none. */
export const conversationIdIn = (address: string): ConversationId =>
  conversationId.safeParse(address).data ?? NO_CONVERSATION;
