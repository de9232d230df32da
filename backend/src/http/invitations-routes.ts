import * as z from 'zod/mini';
import * as invitations from '#protocol/api/invitations';
import { page, pageQuery } from '#protocol/api/page';
import { uuid } from '#protocol/ids';
import { codeHash } from '../auth/codes.ts';
import { acceptInvitation, invitationOf, makeInvitation } from '../contacts/invitations.ts';
import { personOf } from '../contacts/profile.ts';
import { contactOf } from '../contacts/relations.ts';
import { linkOrigins } from './origins.ts';
import { answer, done, open, refuse, signedIn } from './route.ts';
import { storePage } from './store-page.ts';

const make = signedIn(
  {
    method: 'post',
    path: '/api/invitations',
    summary: 'Make an invitation',
    budget: 'invitations',
    body: invitations.invitationOffer,
    answer: invitations.linkedInvitation,
    status: 201,
    refusals: ['sign-up-closed', 'too-many-requests'],
  },
  async (deps, { who, body }) => {
    if (deps.config.signUp === 'closed') return refuse('sign-up-closed');
    const made = await makeInvitation(deps, who.userId, body);
    if (!made.ok) return refuse('too-many-requests', { detail: 'Too many invitations are open: revoke one.' });
    const [root, welcome] = [deps.tls?.current().root, deps.origins.welcome()];
    const begin = root && welcome !== undefined && { welcome, fingerprint: root.fingerprint };
    return answer({ ...made.value, origins: linkOrigins(deps.origins), ...begin });
  },
);

const list = signedIn(
  {
    method: 'get',
    path: '/api/invitations',
    summary: 'Invitations of this account that can still be used',
    query: pageQuery,
    answer: page(invitations.invitation),
  },
  ({ store, clock }, { who, query }) =>
    storePage(
      query,
      (cursor, limit) => store.invitationsOf(who.userId, clock.now(), cursor, limit),
      rows => rows.map(invitationOf),
    ),
);

const revoke = signedIn(
  {
    method: 'delete',
    path: '/api/invitations/:id',
    summary: 'Revoke an invitation',
    params: z.object({ id: uuid }),
    refusals: ['not-found'],
  },
  async ({ store }, { who, params }) =>
    (await store.revokeInvitation(who.userId, params.id)) === 'revoked' ? done() : refuse('not-found'),
);

const look = open(
  {
    method: 'post',
    path: '/api/invitations/open',
    summary: 'Who invites by a code',
    budget: 'codes',
    body: invitations.shownInvitation,
    answer: invitations.openedInvitation,
    refusals: ['invalid-code', 'sign-up-closed'],
  },
  async (deps, { body }) => {
    const hash = codeHash(deps.refreshKey, 'invitation', body.code);
    const found = await deps.store.openInvitation(hash, deps.clock.now());
    if (found === null) return refuse('invalid-code');
    if (deps.config.signUp === 'closed') return refuse('sign-up-closed');
    const { inviter, invitation } = found;
    return answer({ ...(inviter && { inviter: personOf(inviter) }), expiresAt: invitation.expiresAt });
  },
);

const accept = signedIn(
  {
    method: 'post',
    path: '/api/invitations/accept',
    summary: 'Become a contact of whoever invites by a code',
    budget: 'codes',
    body: invitations.shownInvitation,
    answer: invitations.acceptedInvitation,
    refusals: ['invalid-code'],
  },
  async (deps, { who, body }) => {
    const outcome = await acceptInvitation(deps, who.userId, body.code);
    if (outcome.kind === 'unknown') return refuse('invalid-code');
    const row = await deps.store.contact(who.userId, outcome.inviterId);
    return answer({ outcome: outcome.kind, ...(row && { contact: contactOf(row) }) });
  },
);

export const invitationsRoutes = [make, list, revoke, look, accept];
