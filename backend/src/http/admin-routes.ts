import * as z from 'zod/mini';
import * as admin from '#protocol/api/admin';
import { page, pageQuery } from '#protocol/api/page';
import { userId, type UserId } from '#protocol/ids';
import { deleteAccountOf, disableAccount, enableAccount, makeResetLink, type Removed } from '../auth/administration.ts';
import { personOf } from '../contacts/profile.ts';
import type { AccountRow } from '../store/admin.ts';
import type { AppDeps } from './deps.ts';
import { linkOrigins } from './origins.ts';
import { answer, done, refuse, signedIn, type Method, type Reply } from './route.ts';
import { storePage } from './store-page.ts';

const accountOf = (row: AccountRow): admin.AdminAccount => ({
  ...personOf(row),
  role: row.role,
  disabled: row.disabled,
  createdAt: row.createdAt,
  ...(row.lastSeen === null ? {} : { lastSeen: row.lastSeen }),
});

const list = signedIn(
  {
    method: 'get',
    path: '/api/admin/accounts',
    summary: 'Every account, for admins',
    query: pageQuery,
    answer: page(admin.account),
    refusals: ['forbidden'],
  },
  ({ store }, { who, query }) => {
    if (who.user.role !== 'admin') return refuse('forbidden');
    return storePage(
      query,
      (cursor, limit) => store.accounts(cursor, limit),
      rows => rows.map(accountOf),
    );
  },
);

/** Nobody shuts themselves out by mistake: what one does to others is refused for oneself. */
const change = (
  method: Method,
  path: string,
  summary: string,
  run: (deps: AppDeps, them: UserId) => Promise<Removed>,
) =>
  signedIn(
    {
      method,
      path: `/api/admin/accounts/:id${path}`,
      summary,
      params: z.object({ id: userId }),
      refusals: ['forbidden', 'not-found', 'last-admin'],
    },
    async (deps, { who, params }): Promise<Reply<never>> => {
      if (who.user.role !== 'admin' || params.id === who.userId) return refuse('forbidden');
      const outcome = await run(deps, params.id);
      if (outcome === 'done') return done();
      return refuse(outcome === 'unknown' ? 'not-found' : outcome);
    },
  );

const reset = signedIn(
  {
    method: 'post',
    path: '/api/admin/accounts/:id/reset',
    summary: 'Make a link by which somebody chooses a new password',
    params: z.object({ id: userId }),
    answer: admin.resetLink,
    refusals: ['forbidden', 'not-found'],
  },
  async (deps, { who, params }) => {
    if (who.user.role !== 'admin') return refuse('forbidden');
    const link = await makeResetLink(deps, params.id);
    if (link === null) return refuse('not-found');
    return answer({ ...link, origins: linkOrigins(deps.origins) });
  },
);

export const adminRoutes = [
  list,
  change('post', '/disable', 'Shut an account out at once', disableAccount),
  change('post', '/enable', 'Let an account in again', enableAccount),
  change('delete', '', 'Delete an account', deleteAccountOf),
  reset,
];
