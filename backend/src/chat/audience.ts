import type { ConversationId, UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { Store } from '../store/store.ts';

/** The other members of a conversation: who may be reached, and who has blocked the one who speaks. */
export type Audience = { others: UserId[]; withheldFrom: UserId[] };

/**
 * Whom `speaker` reaches in a conversation: members only, and accepted contacts only. Whoever blocked the speaker is
 * still a contact to them, whom nothing reaches.
 */
export async function audienceOf(
  store: Pick<Store, 'membersOf' | 'relation'>,
  id: ConversationId,
  speaker: UserId,
): Promise<Result<Audience, 'not-a-member' | 'not-contacts'>> {
  const members = await store.membersOf(id);
  if (!members.includes(speaker)) return err('not-a-member');
  const others = members.filter(member => member !== speaker);
  const relations = await Promise.all(others.map(other => store.relation(speaker, other)));
  if (!relations.every(({ accepted, blockedByMe }) => accepted && !blockedByMe)) return err('not-contacts');
  return ok({ others, withheldFrom: others.filter((_, i) => relations[i]?.blockedByThem) });
}
