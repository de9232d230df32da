import * as z from 'zod/mini';
import { login } from '#protocol/api/account';
import { deviceId, userId, uuid, type UserId } from '#protocol/ids';
import type { Who } from '../auth/authenticate.ts';
import type { SecurityEvent } from '../security-log.ts';
import type { AppDeps } from './deps.ts';
import type { Call, Reply, Route } from './route.ts';

type Concerns = {
  readonly event: SecurityEvent['event'];
  readonly action?: string;
  /** Whose account, where nobody is signed in. */
  readonly who?: (deps: AppDeps, call: Call<unknown, unknown, unknown>) => Promise<UserId | undefined>;
};

/** The same read for a name that is known and one that is not. */
const byName: Concerns['who'] = async ({ store }, { body }) => {
  const read = login.safeParse(body);
  return read.success ? (await store.credentials(read.data.username))?.user.id : undefined;
};
const byDevice: Concerns['who'] = async ({ store }, { body }) => {
  const read = z.object({ deviceId }).safeParse(body);
  return read.success ? (await store.device(read.data.deviceId))?.user.id : undefined;
};

/** What the use of a route means, by its method and path. */
export const WATCHED: Readonly<Record<string, Concerns>> = {
  'post /api/auth/register': { event: 'sign-up' },
  'post /api/auth/login': { event: 'sign-in', who: byName },
  'post /api/auth/refresh': { event: 'refresh', who: byDevice },
  'post /api/auth/logout': { event: 'sign-out' },
  'post /api/auth/password': { event: 'password-change' },
  'post /api/auth/username': { event: 'invitation-code' },
  'post /api/auth/reset/open': { event: 'reset-code' },
  'post /api/auth/reset': { event: 'password-reset' },
  'post /api/set-up/open': { event: 'set-up-code' },
  'post /api/set-up/claim': { event: 'set-up' },
  'post /api/invitations/open': { event: 'invitation-code' },
  'post /api/invitations/accept': { event: 'invitation-code' },
  'post /api/invitations': { event: 'invitation', action: 'make' },
  'delete /api/invitations/:id': { event: 'invitation', action: 'revoke' },
  'delete /api/devices/:id': { event: 'device-removal', action: 'one' },
  'post /api/devices/sign-out-others': { event: 'device-removal', action: 'others' },
  'delete /api/me': { event: 'account-deletion' },
  'post /api/guest/look': { event: 'guest-link', action: 'look' },
  'post /api/guest/knock': { event: 'guest-link', action: 'knock' },
  'post /api/push/decline': { event: 'decline-token' },
  'get /api/admin/accounts': { event: 'admin', action: 'list' },
  'post /api/admin/accounts/:id/disable': { event: 'admin', action: 'disable' },
  'post /api/admin/accounts/:id/enable': { event: 'admin', action: 'enable' },
  'delete /api/admin/accounts/:id': { event: 'admin', action: 'delete' },
  'post /api/admin/accounts/:id/reset': { event: 'admin', action: 'reset' },
};

const signedInAs = z.object({ me: z.object({ id: userId }) });
const named = z.object({ id: uuid });

/** Who has become known by the answer itself: the account that was made, or that a device signed in to. */
function madeBy(reply: Reply): UserId | undefined {
  const read = reply.kind === 'answer' ? signedInAs.safeParse(reply.body) : undefined;
  return read?.success === true ? read.data.me.id : undefined;
}

/** Notes what came of a request, where its route is one that matters for security. */
export async function noteReply(
  deps: AppDeps,
  { method, path }: Route,
  call: Call<unknown, unknown, unknown>,
  who: Who | undefined,
  reply: Reply,
): Promise<void> {
  const concerns = WATCHED[`${method} ${path}`];
  if (concerns === undefined) return;
  const outcome = reply.kind === 'refused' ? (reply.noted ?? reply.type) : 'done';
  const known = who?.userId ?? madeBy(reply) ?? (await concerns.who?.(deps, call));
  const other = named.safeParse(call.params);
  const isDenied = concerns.event === 'admin' && who?.user.role !== 'admin';
  deps.security.note({
    event: isDenied ? 'denied' : concerns.event,
    outcome,
    ...(concerns.action !== undefined && { action: concerns.action }),
    ...(known !== undefined && { who: known }),
    ...(other.success && { on: other.data.id }),
    address: call.address,
  });
}
