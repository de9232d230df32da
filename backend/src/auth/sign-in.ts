import { randomUUID } from 'node:crypto';
import type { Login, Me, Registration, SignedIn } from '#protocol/api/account';
import { shownName } from '#protocol/display-name';
import { deviceId, type DeviceId, userId, type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { NEW_SETTINGS } from '../store/account-defaults.ts';
import type { UserRow } from '../store/accounts.ts';
import { enterBy, type Door } from './door.ts';
import type { Passwords } from './passwords.ts';
import { provesDevice, type RefreshDeps } from './refresh.ts';
import { newSecret, secretHash } from './secrets.ts';
import { ACCESS_TOKEN_MS } from './tokens.ts';

export type SignInDeps = Omit<RefreshDeps, 'refreshKey'> & { passwords: Passwords };
/** What a new device is told, and the cookie's half beside it. */
export type Signed = { cookie: string; signedIn: SignedIn };

/** Makes an account with its first device, by the right of `door`; whoever invited is its first contact. */
export async function register(
  deps: SignInDeps,
  { username, displayName, loginSecret, deviceName }: Registration,
  door: Door,
): Promise<Result<Signed & { inviterId: UserId | null }, 'username-taken' | 'invalid-code' | 'busy'>> {
  const hash = await deps.passwords.hash(loginSecret, 'anybody');
  if (!hash.ok) return hash;
  const at = deps.clock.now();
  const id = userId.parse(randomUUID());
  const halves = newHalves();
  const device = { id: deviceId.parse(randomUUID()), userId: id, name: deviceName, ...hashesOf(halves), at };
  const account = { id, username, displayName, role: 'user' as const };
  const entered = await enterBy(deps, door, { ...account, passwordHash: hash.value, at }, device);
  if (!entered.ok) return entered;
  const { role, inviterId } = entered.value;
  const rest = { avatar: null, disabled: false, deleted: false, settings: NEW_SETTINGS, createdAt: at };
  return ok({ ...signed(deps, { ...account, ...rest, role }, { id: device.id, family: at }, halves), inviterId });
}

/** Whether `device` is one of this account's that proves its secret. */
export async function proveDevice(deps: SignInDeps, { username, device }: Login): Promise<boolean> {
  const row = device === undefined ? null : await deps.store.device(device.deviceId);
  if (device === undefined || row === null) return false;
  return row.user.username === username && provesDevice(deps.store, device);
}

/**
 * Signs a device in: the one that proved itself keeps its id, anybody else becomes a new device. Unknown names, wrong
 * secrets and disabled accounts get the same answer after the same work.
 */
export async function logIn(
  deps: SignInDeps,
  { username, loginSecret, deviceName, device }: Login,
  proven: boolean,
): Promise<Result<Signed, 'wrong-credentials' | 'busy'>> {
  const known = await deps.store.credentials(username);
  const matches = await deps.passwords.matches(loginSecret, known?.passwordHash ?? null, proven ? 'proven' : 'anybody');
  if (!matches.ok) return matches;
  if (!matches.value || known === null || known.user.disabled) return err('wrong-credentials');
  const halves = newHalves();
  const id = proven && device !== undefined ? device.deviceId : deviceId.parse(randomUUID());
  const at = deps.clock.now();
  await deps.store.signInDevice({ id, userId: known.user.id, name: deviceName, ...hashesOf(halves), at });
  return ok(signed(deps, known.user, { id, family: at }, halves));
}

/** An account as its owner sees it. */
export const meOf = (user: UserRow): Me => ({
  id: user.id,
  username: user.username,
  displayName: shownName(user),
  ...(user.avatar === null ? {} : { avatar: user.avatar }),
  role: user.role,
  createdAt: user.createdAt,
  settings: user.settings,
});

type Halves = { token: string; deviceSecret: string };
const newHalves = (): Halves => ({ token: newSecret(), deviceSecret: newSecret() });
const hashesOf = ({ token, deviceSecret }: Halves) => ({
  tokenHash: secretHash(token),
  secretHash: secretHash(deviceSecret),
});

/** @param family when it has signed in, ms since the epoch */
function signed(
  { tokens }: SignInDeps,
  user: UserRow,
  device: { id: DeviceId; family: number },
  { token, deviceSecret }: Halves,
): Signed {
  const { id, family } = device;
  const accessToken = tokens.issue({ userId: user.id, deviceId: id, role: user.role, family, gen: 1 });
  return {
    cookie: token,
    signedIn: { accessToken, expiresInMs: ACCESS_TOKEN_MS, deviceId: id, deviceSecret, me: meOf(user) },
  };
}
