import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { contact, contactRequest, userSearch } from '#protocol/api/contacts';
import { longPageQuery, page, pageQuery } from '#protocol/api/page';
import { userId, type UserId } from '#protocol/ids';
import type { Result } from '#protocol/result';
import type { Who } from '../auth/authenticate.ts';
import { personOf } from '../contacts/profile.ts';
import * as relations from '../contacts/relations.ts';
import type { AppDeps } from './deps.ts';
import { answer, refuse, signedIn, type Reply } from './route.ts';
import { storePage } from './store-page.ts';

const search = signedIn(
  {
    method: 'get',
    path: '/api/users',
    summary: 'People whose names begin so',
    budget: 'searches',
    query: z.object({ ...userSearch.shape, ...pageQuery.shape }),
    answer: page(person),
  },
  ({ store }, { query }) =>
    storePage(
      query,
      (cursor, limit) => store.searchUsers(query.search, cursor, limit),
      rows => rows.map(personOf),
    ),
);

const list = signedIn(
  {
    method: 'get',
    path: '/api/contacts',
    summary: 'Contacts and requests',
    query: longPageQuery,
    answer: page(contact),
  },
  ({ store }, { who, query }) =>
    storePage(
      query,
      (cursor, limit) => store.contactsOf(who.userId, cursor, limit),
      rows => rows.map(relations.contactOf),
    ),
);

/** What a relation became: the contact as it is now, or nothing where it is gone. */
const contactNow = z.object({ contact: z.optional(contact) });
type ContactNow = z.infer<typeof contactNow>;

/** Tells whom a change concerns and answers with what the relation is now. */
async function settle(
  deps: AppDeps,
  { userId: me }: Who,
  them: UserId,
  outcome: Result<relations.Changed, 'unknown' | 'none' | 'oneself'>,
): Promise<Reply<ContactNow>> {
  if (!outcome.ok) return refuse(outcome.error === 'oneself' ? 'forbidden' : 'not-found');
  deps.events.say({ kind: 'deliver', deliveries: outcome.value.deliveries });
  deps.events.say({ kind: 'relation-changed', change: outcome.value.change });
  const row = await deps.store.contact(me, them);
  return answer(row === null ? {} : { contact: relations.contactOf(row) });
}

const request = signedIn(
  {
    method: 'post',
    path: '/api/contacts',
    summary: 'Ask somebody to be a contact, or accept their request',
    budget: 'relationChanges',
    body: contactRequest,
    answer: contactNow,
    refusals: ['not-found', 'forbidden'],
  },
  async (deps, { who, body }) => settle(deps, who, body.userId, await relations.requestContact(deps, who, body.userId)),
);

type Change = (deps: AppDeps, who: Who, them: UserId) => Promise<Result<relations.Changed, 'unknown' | 'none'>>;
const change = (name: string, summary: string, run: Change) =>
  signedIn(
    {
      method: 'post',
      path: `/api/contacts/:id/${name}`,
      summary,
      budget: 'relationChanges',
      params: z.object({ id: userId }),
      answer: contactNow,
      refusals: ['not-found'],
    },
    async (deps, { who, params }) => settle(deps, who, params.id, await run(deps, who, params.id)),
  );

const remove = signedIn(
  {
    method: 'delete',
    path: '/api/contacts/:id',
    summary: 'Remove a contact or withdraw a request',
    budget: 'relationChanges',
    params: z.object({ id: userId }),
    answer: contactNow,
    refusals: ['not-found'],
  },
  async (deps, { who, params }) => settle(deps, who, params.id, await relations.removeContact(deps, who, params.id)),
);

export const contactsRoutes = [
  search,
  list,
  request,
  change('accept', 'Accept a request', relations.acceptContact),
  change('decline', 'Decline a request', relations.declineContact),
  change('block', 'Block somebody', relations.blockContact),
  change('unblock', 'Unblock somebody', relations.unblockContact),
  remove,
];
