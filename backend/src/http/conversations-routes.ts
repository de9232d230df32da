import * as z from 'zod/mini';
import type { Conversation } from '#protocol/api/conversations';
import {
  conversation,
  conversationsQuery,
  messagePage,
  messagesQuery,
  retractionPage,
  retractionsQuery,
} from '#protocol/api/conversations';
import { page, type Page } from '#protocol/api/page';
import { conversationId, type ConversationId, type UserId } from '#protocol/ids';
import { LISTED_PEERS, NEWEST_ENTRIES, PAGE_BYTES, PAGE_MESSAGES } from '#protocol/limits';
import { personOf } from '../contacts/profile.ts';
import { conversationCursor } from '../store/cursor.ts';
import type { ConversationRow } from '../store/chat.ts';
import type { Store } from '../store/store.ts';
import { fitting } from './page-bytes.ts';
import { answer, refuse, signedIn } from './route.ts';
import { badCursor, DEFAULT_LIMIT } from './store-page.ts';

/** Conversations as one member sees them. Who keeps their read mark to themselves shows others none. */
async function conversationsFor(store: Store, me: UserId, rows: ConversationRow[]): Promise<Conversation[]> {
  const users = await store.usersById([...new Set(rows.flatMap(row => row.members.map(({ userId }) => userId)))]);
  const byId = new Map(users.map(user => [user.id, user]));
  const isPrivate = (userId: UserId) => userId !== me && byId.get(userId)?.settings.readReceipts === false;
  return rows.flatMap(({ id: conversationId, kind, members, lastSeq, last, marks, unread, retractions, activeAt }) => {
    const own = members.find(({ userId }) => userId === me);
    if (!own) return [];
    const peers = members
      .filter(({ userId }) => userId !== me)
      .slice(0, LISTED_PEERS)
      .flatMap(({ userId }) => byId.get(userId) ?? [])
      .map(personOf);
    return {
      id: conversationId,
      kind,
      own,
      peers,
      lastSeq,
      ...(last === null ? {} : { last }),
      marks: marks.map(mark => (isPrivate(mark.userId) ? { ...mark, read: 0 } : mark)),
      unread,
      retractions,
      activeAt,
    };
  });
}

const list = signedIn(
  {
    method: 'get',
    path: '/api/conversations',
    summary: 'Conversations, the most recently active first',
    query: conversationsQuery,
    answer: page(conversation),
  },
  async ({ store }, { who: { userId: me }, query: { cursor, limit = DEFAULT_LIMIT, recent = 0 } }) => {
    const found = await store.conversationsOf(me, cursor, limit);
    if (found === 'bad-cursor') return badCursor;
    const newest = await store.newestMessages(
      found.items.slice(0, recent).map(({ id: conversationId }) => conversationId),
      me,
      NEWEST_ENTRIES,
    );
    const all = await conversationsFor(store, me, found.items);
    const items = fitting(
      all.map((item, i) => (newest[i] ? { ...item, entries: newest[i] } : item)),
      PAGE_BYTES,
      shorter,
    );
    const last = found.items[items.length - 1];
    const next = last && items.length < all.length ? conversationCursor(last) : found.next;
    return answer<Page<Conversation>>({ items, ...(next === undefined ? {} : { next }) });
  },
);

/** A conversation that is too large for a page of its own comes with fewer entries, the newest. */
const shorter = (item: Conversation): Conversation | undefined => {
  const { entries, ...rest } = item;
  if (!entries?.length) return entries && rest;
  return { ...rest, entries: entries.slice(Math.ceil(entries.length / 2)) };
};

/** Whether this user is, or was, a member of the conversation. */
const isMember = async (store: Store, id: ConversationId, userId: UserId): Promise<boolean> =>
  (await store.conversation(id))?.members.some(member => member.userId === userId) ?? false;

const messages = signedIn(
  {
    method: 'get',
    path: '/api/conversations/:id/messages',
    summary: 'Messages after or before a place in the sequence; with neither, the last ones',
    params: z.object({ id: conversationId }),
    query: messagesQuery,
    answer: messagePage,
    refusals: ['not-found'],
  },
  async ({ store }, { who: { userId: me }, params, query: { after, before, limit = PAGE_MESSAGES } }) => {
    if (after !== undefined && before !== undefined)
      return refuse('bad-request', { detail: 'Either `after` or `before`.' });
    if (!(await isMember(store, params.id, me))) return refuse('not-found');
    const items =
      after === undefined
        ? fitting(
            (await store.messagesBefore(params.id, me, before ?? Number.MAX_SAFE_INTEGER, limit)).reverse(),
          ).reverse()
        : fitting(await store.messagesSince(params.id, me, after, limit));
    return answer({ items, lastSeq: await store.lastSeq(params.id) });
  },
);

const retractions = signedIn(
  {
    method: 'get',
    path: '/api/conversations/:id/retractions',
    summary: 'Messages that were retracted or have expired, behind a number, in that order',
    params: z.object({ id: conversationId }),
    query: retractionsQuery,
    answer: retractionPage,
    refusals: ['not-found'],
  },
  async ({ store }, { who: { userId: me }, params, query: { after = 0, limit = PAGE_MESSAGES } }) => {
    if (!(await isMember(store, params.id, me))) return refuse('not-found');
    return answer(await store.retractedSince(params.id, me, after, limit));
  },
);

export const conversationsRoutes = [list, messages, retractions];
