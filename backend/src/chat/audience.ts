import type { Conversation } from '#protocol/conversation';
import type { UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { relationSeenBy, type Related } from '../contacts/pair.ts';

/** A conversation as a post is decided: a direct one with what its two are to each other. */
export type Room = Conversation & { related: Related | null };

/** The other members of a conversation: who may be reached, and who has blocked the one who speaks. */
export type Audience = { others: UserId[]; withheldFrom: UserId[] };

/** Who may know of a message at this place: members, those who have left among them, at whose places it is. */
export const readersAt = ({ members }: Conversation, seq: number): UserId[] =>
  members.filter(({ from, to }) => from <= seq && seq <= (to ?? seq)).map(({ userId }) => userId);

/** Who reads what is posted now. */
export const presentMembers = ({ members }: Conversation): UserId[] =>
  members.filter(({ to }) => to === null).map(({ userId }) => userId);

/**
 * Whom `speaker` reaches in a conversation: members only; in a direct one accepted contacts only. Whoever blocked the
 * speaker is still a contact to them, whom nothing reaches.
 * @param room null where there is no such conversation
 */
export function audienceOf(room: Room | null, speaker: UserId): Result<Audience, 'not-a-member' | 'not-contacts'> {
  const members = room ? presentMembers(room) : [];
  if (!room || !members.includes(speaker)) return err('not-a-member');
  const others = members.filter(member => member !== speaker);
  if (room.kind === 'group') return ok({ others, withheldFrom: [] });
  const { related } = room;
  const [other] = others;
  if (related === null || other === undefined) return err('not-contacts');
  const { accepted, blockedByMe, blockedByThem } = relationSeenBy(related, speaker, other);
  return accepted && !blockedByMe ? ok({ others, withheldFrom: blockedByThem ? others : [] }) : err('not-contacts');
}
