import type { ContactState } from '#protocol/api/contacts';
import type { ConversationId, UserId } from '#protocol/ids';
import type { UserRow } from './accounts.ts';
import type { BadCursor, StorePage } from './page.ts';

export type ContactRow = {
  user: UserRow;
  state: ContactState;
  since: number;
  conversationId: ConversationId | null;
};

/**
 * One relation a pair, keyed by the sorted pair, seen from `me`. A block stands beside the relation, each side's own:
 * to the one who was blocked nothing changes.
 */
export type Relation = {
  /** Both have accepted, and neither has removed the other since. */
  accepted: boolean;
  /** Who asked, while the request stands and `me` may see it. */
  requestedBy: UserId | null;
  blockedByMe: boolean;
  blockedByThem: boolean;
};

export interface ContactStore {
  relation(me: UserId, them: UserId): Promise<Relation>;
  /** Ordered by username. */
  contactsOf(me: UserId, cursor: string | undefined, limit: number): Promise<StorePage<ContactRow> | BadCursor>;
  contact(me: UserId, them: UserId): Promise<ContactRow | null>;
  /**
   * Asks `them`; where they have asked already it accepts. To somebody who blocked `me` it stays a request that they
   * never see. `unknown` where no such account exists.
   */
  requestContact(me: UserId, them: UserId, at: number): Promise<'requested' | 'accepted' | 'unknown'>;
  /** Accepts an incoming request and makes the direct conversation. `none` where there is none. */
  acceptContact(me: UserId, them: UserId, at: number): Promise<'accepted' | 'none'>;
  declineContact(me: UserId, them: UserId): Promise<'declined' | 'none'>;
  /** Ends the relation, whatever it was, on both sides; a request of one's own is withdrawn. */
  removeContact(me: UserId, them: UserId): Promise<'removed' | 'none'>;
  block(me: UserId, them: UserId, at: number): Promise<'blocked' | 'unknown'>;
  unblock(me: UserId, them: UserId): Promise<'unblocked' | 'none'>;
  /** Everybody with whom `me` is mutually accepted, with who blocked whom; for presence and reachability. */
  acceptedContacts(me: UserId): Promise<{ userId: UserId; blockedByMe: boolean; blockedByThem: boolean }[]>;
}
