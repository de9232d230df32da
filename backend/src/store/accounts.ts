import type { Role, Settings } from '#protocol/api/account';
import type { DeviceId, UserId } from '#protocol/ids';
import type { BadCursor, StorePage } from './page.ts';

export type UserRow = {
  id: UserId;
  username: string;
  displayName: string;
  /** The version of the avatar, null without one. */
  avatar: string | null;
  role: Role;
  disabled: boolean;
  /** Nothing is left but the id, for the messages it wrote; the names are placeholders that nobody can register. */
  deleted: boolean;
  settings: Settings;
  createdAt: number;
};

export type DeviceRow = { id: DeviceId; userId: UserId; name: string; createdAt: number; lastSeen: number };

/** What `rotateRefreshToken` met. `gen` counts a family's tokens from 1. */
export type Rotation = { kind: 'rotated'; gen: number } | { kind: 'reused' } | { kind: 'unknown' };

export interface AccountStore {
  /** The account and its first device with its first refresh token (gen 1) in one. */
  createUser(user: NewUser, device: NewDevice): Promise<'created' | 'username-taken'>;
  userById(id: UserId): Promise<UserRow | null>;
  /** Those of `ids` that exist, in any order; deleted ones too. */
  usersById(ids: readonly UserId[]): Promise<UserRow[]>;
  /** For sign-in alone: nothing else sees the hash. */
  credentials(username: string): Promise<{ user: UserRow; passwordHash: string } | null>;
  credentialsById(id: UserId): Promise<{ user: UserRow; passwordHash: string } | null>;
  /** Accounts neither deleted nor disabled whose username, or a word of whose display name, starts with `prefix`, ordered by username. */
  searchUsers(prefix: string, cursor: string | undefined, limit: number): Promise<StorePage<UserRow> | BadCursor>;
  updateProfile(id: UserId, displayName: string): Promise<void>;
  updateSettings(id: UserId, settings: Settings): Promise<void>;
  setAvatar(id: UserId, avatar: { version: string; type: string; bytes: Uint8Array } | null): Promise<void>;
  avatar(id: UserId, version: string): Promise<{ type: string; bytes: Uint8Array } | null>;
  /** The new hash, every device but `keep` removed, and a reset link that stands. Answers with the removed devices. */
  changePassword(id: UserId, passwordHash: string, keep: DeviceId): Promise<DeviceId[]>;
  /** Everything but its messages in others' conversations goes. Answers with the contacts it had. */
  deleteUser(id: UserId): Promise<UserId[] | 'last-admin'>;

  /** A device signing in: made new, or, with the id of one this user has, given a new family of tokens. */
  signInDevice(device: NewDevice): Promise<void>;
  /**
   * The device with its account, read on every request and hello. `family` is when its family of tokens began, ms since
   * the epoch, which no other family of this device has; null once that has ended.
   */
  device(id: DeviceId): Promise<{ device: DeviceRow; user: UserRow; family: number | null } | null>;
  devicesOf(userId: UserId): Promise<DeviceRow[]>;
  deviceSecretHash(id: DeviceId): Promise<{ userId: UserId; secretHash: string } | null>;
  touchDevice(id: DeviceId, at: number): Promise<void>;
  removeDevice(userId: UserId, id: DeviceId): Promise<'removed' | 'unknown'>;
  /** Answers with the removed devices. */
  removeOtherDevices(userId: UserId, keep: DeviceId): Promise<DeviceId[]>;

  /**
   * Exchanges the token with `tokenHash` for its successor. `graceMs` after a successor was first used the old one is
   * reuse; a family idle for `idleMs` or older than `absoluteMs` is unknown, and so is a token superseded `idleMs` ago.
   */
  rotateRefreshToken(rotation: {
    deviceId: DeviceId;
    tokenHash: string;
    successorHash: string;
    at: number;
    graceMs: number;
    idleMs: number;
    absoluteMs: number;
  }): Promise<Rotation>;
  /** An access token of this generation was used: the rotation that made it is no longer pending. */
  confirmRefreshToken(deviceId: DeviceId, gen: number, at: number): Promise<void>;
}

export type NewUser = {
  id: UserId;
  username: string;
  displayName: string;
  passwordHash: string;
  role: Role;
  at: number;
};

export type NewDevice = {
  id: DeviceId;
  userId: UserId;
  name: string;
  secretHash: string;
  tokenHash: string;
  at: number;
};
