import * as account from '#protocol/api/account';
import { changePassword, logOut, tellEnded } from '../auth/account.ts';
import { readRefreshCookie, refreshCookie } from '../auth/refresh-cookie.ts';
import { doorFor, type Door } from '../auth/door.ts';
import { provesDevice, refreshSession } from '../auth/refresh.ts';
import { logIn, proveDevice, register, type Signed } from '../auth/sign-in.ts';
import { tellContacts } from '../contacts/invitations.ts';
import { addressKey } from '../ip-address.ts';
import type { AppDeps } from './deps.ts';
import { answer, done, noted, open, refuse, signedIn } from './route.ts';
import { sessionEnded } from './session-end.ts';

const welcome = ({ installation, events }: AppDeps, { cookie, signedIn: body }: Signed) => {
  events.say({
    kind: 'deliver',
    deliveries: [{ userId: body.me.id, except: body.deviceId, frame: { type: 'devices.changed' } }],
  });
  return answer(body, { 'Set-Cookie': refreshCookie(installation.id, cookie) });
};

/** Refuses what comes too often, before any hashing is done for it. */
async function paced(deps: AppDeps, body: account.Login, address: string, proven: boolean): Promise<number> {
  if (proven) return deps.budgets.take('provenSignIns', body.device?.deviceId ?? '');
  const wait = await deps.budgets.take('signIns', addressKey(address));
  return wait > 0 ? wait : deps.patience.begin(attemptKey(body, address));
}
const attemptKey = ({ username }: account.Login, address: string) => `${username} ${addressKey(address)}`;

/**
 * Whoever shows a code has so many questions whether a name is free, however they are asked: registering with a taken
 * name is one. Answers with the ms to wait.
 */
const askName = async ({ budgets }: AppDeps, door: Door): Promise<number> =>
  door.kind === 'open' ? 0 : budgets.take('invitedUsernames', door.kept);
/** Nothing was learned of a name. */
const notAsked = async ({ budgets }: AppDeps, door: Door): Promise<void> =>
  door.kind === 'open' ? undefined : budgets.giveBack('invitedUsernames', door.kept);

const registration = open(
  {
    method: 'post',
    path: '/api/auth/register',
    summary: 'Make an account and sign its first device in',
    budget: 'signIns',
    body: account.registration,
    answer: account.signedIn,
    status: 201,
    refusals: ['username-taken', 'sign-up-closed', 'invitation-needed', 'invalid-code', 'busy', 'too-many-requests'],
  },
  async (deps, { body }) => {
    const door = await doorFor(deps, body);
    if (!door.ok) return refuse(door.error);
    const retryMs = await askName(deps, door.value);
    if (retryMs > 0) return refuse('too-many-requests', { retryMs });
    const outcome = await register(deps, body, door.value);
    if (outcome.ok || outcome.error !== 'username-taken') await notAsked(deps, door.value);
    if (!outcome.ok) return refuse(outcome.error);
    const { inviterId, signedIn: made } = outcome.value;
    if (inviterId !== null) tellContacts(deps, made.me.id, inviterId);
    return welcome(deps, outcome.value);
  },
);

const login = open(
  {
    method: 'post',
    path: '/api/auth/login',
    summary: 'Sign a device in',
    body: account.login,
    answer: account.signedIn,
    refusals: ['wrong-credentials', 'too-many-attempts', 'busy'],
  },
  async (deps, { body, address }) => {
    const proven = await proveDevice(deps, body);
    const retryMs = await paced(deps, body, address, proven);
    if (retryMs > 0) return refuse('too-many-attempts', { retryMs });
    const outcome = await logIn(deps, body, proven);
    if (!outcome.ok) return refuse(outcome.error);
    await deps.patience.forgive(attemptKey(body, address));
    return welcome(deps, outcome.value);
  },
);

/** Others at the same address cannot use up what a device needs that proves its secret. */
async function refreshPaced(deps: AppDeps, body: account.Refresh, address: string): Promise<number> {
  const wait = await deps.budgets.take('refreshes', addressKey(address));
  if (wait === 0 || !(await provesDevice(deps.store, body))) return wait;
  return deps.budgets.take('provenRefreshes', body.deviceId);
}

const refresh = open(
  {
    method: 'post',
    path: '/api/auth/refresh',
    summary: 'Exchange the cookie and the device secret for a new access token and cookie',
    body: account.refresh,
    answer: account.refreshed,
    refusals: ['sign-in-required', 'too-many-requests'],
  },
  async (deps, { body, cookies, address }) => {
    const retryMs = await refreshPaced(deps, body, address);
    if (retryMs > 0) return refuse('too-many-requests', { retryMs });
    const outcome = await refreshSession(deps, readRefreshCookie(deps.installation.id, cookies), body);
    if (outcome.ok) {
      const cookie = refreshCookie(deps.installation.id, outcome.value.successor);
      const { epoch } = deps.installation;
      return answer({ ...outcome.value.refreshed, epoch }, { 'Set-Cookie': cookie });
    }
    if (outcome.error.kind === 'reused') tellEnded(deps, outcome.error.userId, [body.deviceId]);
    return noted(refuse('sign-in-required', {}, sessionEnded(deps.installation.id)), outcome.error.kind);
  },
);

const logout = signedIn(
  { method: 'post', path: '/api/auth/logout', summary: 'Sign this device out' },
  async (deps, { who }) => {
    await logOut(deps, who);
    return done(sessionEnded(deps.installation.id));
  },
);

const password = signedIn(
  {
    method: 'post',
    path: '/api/auth/password',
    summary: 'Change the password and sign every other device out',
    budget: 'provenSignIns',
    body: account.passwordChange,
    refusals: ['wrong-credentials', 'too-many-attempts', 'busy'],
  },
  async (deps, { who, body }) => {
    const outcome = await changePassword(deps, who, body);
    return outcome.ok ? done() : refuse(outcome.error);
  },
);

const username = open(
  {
    method: 'post',
    path: '/api/auth/username',
    summary: 'Whether a name is free, for those who may sign up',
    budget: 'usernames',
    body: account.usernameQuestion,
    answer: account.usernameAnswer,
    refusals: ['sign-up-closed', 'invitation-needed', 'invalid-code'],
  },
  async (deps, { body }) => {
    const door = await doorFor(deps, body);
    if (!door.ok) return refuse(door.error);
    const retryMs = await askName(deps, door.value);
    if (retryMs > 0) return refuse('too-many-requests', { retryMs });
    return answer({ free: (await deps.store.credentials(body.name)) === null });
  },
);

export const authRoutes = [registration, login, refresh, logout, password, username];
