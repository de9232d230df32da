import * as z from 'zod/mini';
import { device } from '#protocol/api/account';
import { page, pageQuery } from '#protocol/api/page';
import { id } from '#protocol/ids';
import { removeDevice, signOutOthers } from '../auth/account.ts';
import { answer, done, refuse, signedIn } from './route.ts';
import { sessionEnded } from './session-end.ts';

const DEFAULT_LIMIT = 50;

const list = signedIn(
  {
    method: 'get',
    path: '/api/devices',
    summary: 'The devices of this account',
    query: pageQuery,
    answer: page(device),
  },
  async ({ store }, { who, query: { cursor = '', limit = DEFAULT_LIMIT } }) => {
    const rows = (await store.devicesOf(who.userId))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .filter(row => row.id > cursor);
    const items = rows.slice(0, limit).map(({ userId: _, ...row }) => ({ ...row, current: row.id === who.deviceId }));
    const last = items.at(-1);
    return answer(rows.length > limit && last !== undefined ? { items, next: last.id } : { items });
  },
);

const remove = signedIn(
  {
    method: 'delete',
    path: '/api/devices/:id',
    summary: 'Sign a device out',
    params: z.object({ id }),
    refusals: ['not-found'],
  },
  async (deps, { who, params }) => {
    if ((await removeDevice(deps, who, params.id)) !== 'removed') return refuse('not-found');
    return done(params.id === who.deviceId ? sessionEnded(deps.installation.id) : {});
  },
);

const others = signedIn(
  { method: 'post', path: '/api/devices/sign-out-others', summary: 'Sign every other device out' },
  async (deps, { who }) => {
    await signOutOthers(deps, who);
    return done();
  },
);

export const devicesRoutes = [list, remove, others];
