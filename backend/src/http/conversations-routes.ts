import * as z from 'zod/mini';
import type { Conversation } from '#protocol/api/conversations';
import { conversation, messagePage, messagesQuery } from '#protocol/api/conversations';
import { page, pageQuery } from '#protocol/api/page';
import { id, type UserId } from '#protocol/ids';
import { PAGE_MESSAGES } from '#protocol/limits';
import { personOf } from '../contacts/profile.ts';
import type { ConversationRow } from '../store/store-chat.ts';
import type { Store } from '../store/store.ts';
import { answer, refuse, signedIn } from './route.ts';
import { storePage } from './store-page.ts';

/** Conversations as one member sees them. Who keeps their read mark to themselves shows others none. */
async function conversationsFor(store: Store, me: UserId, rows: ConversationRow[]): Promise<Conversation[]> {
  const users = await store.usersById([...new Set(rows.flatMap(row => row.members))]);
  const byId = new Map(users.map(user => [user.id, user]));
  const isPrivate = (userId: UserId) => userId !== me && byId.get(userId)?.settings.readReceipts === false;
  return rows.map(({ id: conversationId, members, lastSeq, last, marks, unread, activeAt }) => ({
    id: conversationId,
    peers: members
      .filter(member => member !== me)
      .flatMap(member => byId.get(member) ?? [])
      .map(personOf),
    lastSeq,
    ...(last === null ? {} : { last }),
    marks: marks.map(mark => (isPrivate(mark.userId) ? { ...mark, read: 0 } : mark)),
    unread,
    activeAt,
  }));
}

const list = signedIn(
  {
    method: 'get',
    path: '/api/conversations',
    summary: 'Conversations, the most recently active first',
    query: pageQuery,
    answer: page(conversation),
  },
  ({ store }, { who: { userId: me }, query }) =>
    storePage(
      query,
      (cursor, limit) => store.conversationsOf(me, cursor, limit),
      rows => conversationsFor(store, me, rows),
    ),
);

const messages = signedIn(
  {
    method: 'get',
    path: '/api/conversations/:id/messages',
    summary: 'Messages after or before a place in the sequence; with neither, the last ones',
    params: z.object({ id }),
    query: messagesQuery,
    answer: messagePage,
    refusals: ['not-found'],
  },
  async ({ store }, { who: { userId: me }, params, query: { after, before, limit = PAGE_MESSAGES } }) => {
    if (after !== undefined && before !== undefined)
      return refuse('bad-request', { detail: 'Either `after` or `before`.' });
    if (!(await store.membersOf(params.id)).includes(me)) return refuse('not-found');
    const items =
      after === undefined
        ? await store.messagesBefore(params.id, me, before ?? Number.MAX_SAFE_INTEGER, limit)
        : await store.messagesSince(params.id, me, after, limit);
    return answer({ items, lastSeq: await store.lastSeq(params.id) });
  },
);

export const conversationsRoutes = [list, messages];
