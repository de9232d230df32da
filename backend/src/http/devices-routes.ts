import * as z from 'zod/mini';
import { device } from '#protocol/api/account';
import { page, pageQuery } from '#protocol/api/page';
import { deviceId } from '#protocol/ids';
import { removeDevice, signOutOthers } from '../auth/account.ts';
import { pageOf, readCursor, writeCursor } from '../store/cursor.ts';
import type { DeviceRow } from '../store/accounts.ts';
import type { BadCursor, StorePage } from '../store/page.ts';
import { done, refuse, signedIn } from './route.ts';
import { sessionEnded } from './session-end.ts';
import { storePage } from './store-page.ts';

/** One page of somebody's devices, which are few enough to be read at once, by id. */
function pageOfDevices(
  devices: readonly DeviceRow[],
  cursor: string | undefined,
  limit: number,
): StorePage<DeviceRow> | BadCursor {
  const behind = readCursor('devices', ['string'], cursor, ['']);
  if (!behind) return 'bad-cursor';
  const rows = devices.filter(({ id: device }) => device > behind[0]).sort((a, b) => (a.id < b.id ? -1 : 1));
  return pageOf(
    rows,
    limit,
    row => row,
    last => writeCursor('devices', [last.id]),
  );
}

const list = signedIn(
  {
    method: 'get',
    path: '/api/devices',
    summary: 'The devices of this account',
    query: pageQuery,
    answer: page(device),
  },
  ({ store }, { who, query }) =>
    storePage(
      query,
      async (cursor, limit) => pageOfDevices(await store.devicesOf(who.userId), cursor, limit),
      rows => rows.map(({ userId: _, ...row }) => ({ ...row, current: row.id === who.deviceId })),
    ),
);

const remove = signedIn(
  {
    method: 'delete',
    path: '/api/devices/:id',
    summary: 'Sign a device out',
    params: z.object({ id: deviceId }),
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
