import type { Settings } from '#protocol/api/account';

/** What a deleted account is called; nobody can register it. */
export const DELETED = { username: 'deleted-account', displayName: 'Deleted account' };

/** What a new account has chosen, and what a deleted one is left with. */
export const NEW_SETTINGS: Settings = { readReceipts: true };
