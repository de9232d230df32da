import type { Role } from '#protocol/api/account';
import type { DeviceId, UserId } from '#protocol/ids';
import type { NewDevice, NewUser, UserRow } from './accounts.ts';
import type { BadCursor, StorePage } from './page.ts';

/** An account with when one of its devices was last seen; null without one. */
export type AccountRow = UserRow & { lastSeen: number | null };

export interface AdminStore {
  /** Every account that is not deleted, by username. */
  accounts(cursor: string | undefined, limit: number): Promise<StorePage<AccountRow> | BadCursor>;
  /** Disables an account and removes its devices, which are the answer; null where there is no such account. S46. */
  disableUser(id: UserId): Promise<DeviceId[] | null | 'last-admin'>;
  enableUser(id: UserId): Promise<'enabled' | 'unknown'>;
  setRole(id: UserId, role: Role): Promise<'changed' | 'unknown'>;

  /** Whether some account that is not disabled is an admin. */
  hasAdmin(): Promise<boolean>;
  /** S43: the seal of the set-up link that stands, this one where none does; null while there is an admin. */
  offerSetUp(seal: string): Promise<string | null>;
  isSetUpOpen(seal: string): Promise<boolean>;
  /** Makes the account with its first device; with the link it is an admin, whatever `user` says. */
  redeemSetUp(seal: string, user: NewUser, device: NewDevice): Promise<'created' | 'username-taken' | 'unknown'>;
  /** Makes an account that is there the admin. */
  claimSetUp(seal: string, userId: UserId): Promise<'claimed' | 'unknown'>;

  /** S44: the only reset link of this account from now on. */
  offerReset(id: UserId, codeHash: string, expiresAt: number): Promise<'offered' | 'unknown'>;
  /** Whose password this link may change now; a disabled account has none. */
  resetOf(codeHash: string, at: number): Promise<UserRow | null>;
  /** The new password, the link and every device gone, in one; null where the link opens nothing. */
  redeemReset(
    codeHash: string,
    passwordHash: string,
    at: number,
  ): Promise<{ userId: UserId; devices: DeviceId[] } | null>;
}
