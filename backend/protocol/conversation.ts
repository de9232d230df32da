import * as z from 'zod/mini';
import { type ConversationId, userId } from '#protocol/ids';

/** `direct`: two people, who may post while they are contacts. `group`: its members alone decide. */
export const conversationKind = z.enum(['direct', 'group']);
export type ConversationKind = z.infer<typeof conversationKind>;

export const memberRole = z.enum(['member', 'admin']);
export type MemberRole = z.infer<typeof memberRole>;

const seq = z.int().check(z.positive());

/** The messages that a member reads: with a seq of `from` to `to`, both included; `to` is null while they are a member. */
export const membership = { role: memberRole, from: seq, to: z.nullable(seq) };
export const member = z.object({ userId, ...membership });
export type Member = z.infer<typeof member>;

/**
 * `revision` grows with each change of who may post and read: members, roles, and what two people are to each other. That of
 * a direct conversation is told to nobody: it would tell of a block.
 */
export type Conversation = {
  id: ConversationId;
  kind: ConversationKind;
  revision: number;
  members: Member[];
};
