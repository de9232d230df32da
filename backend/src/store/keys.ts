import type { BackupBatch, BackupVersion, ChangesPage, KeyState, OneTimeUpload } from '#protocol/keys/api';
import type { DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { KeyDeviceId, KeyUser, OneTimeKey } from '#protocol/keys/objects';
import type { Keyring, KeyringRule, RuleAnswer, RuleInput } from '../keys/keyring.ts';

/** A device that has keys, or a dehydrated one. */
export type KeyAddress = { userId: UserId; deviceId: KeyDeviceId };

/** One person's published keys, with when each device was last seen; of a deleted account and of somebody without keys it is empty. */
export type KeyringRow = { userId: UserId; ring: Omit<Keyring, 'secrets'>; seen: ReadonlyMap<DeviceId, number> };

/** `oneTime` false: the fallback key is given, also where there are one-time keys. */
export type Claim = KeyAddress & { oneTime: boolean };
export type Claimed = { name: string; key: OneTimeKey; isFallback: boolean } | null;

/** What came of a change; `unknown`: there is no such account. `forOthers`: what others are shown has changed. */
export type Changed<R extends KeyringRule> = { answer: RuleAnswer<R> | 'unknown'; forOthers: boolean };

/** Of a device: its unclaimed one-time keys, and the algorithms whose fallback key is unused. */
export type KeyCounts = Pick<KeyState, 'oneTime' | 'unusedFallback'>;

/** A to-device request of a device: one event for each receiver, its content as JSON. */
export type ToDeviceSend = {
  from: DeviceAddress;
  txn: string;
  type: string;
  events: readonly (KeyAddress & { content: string })[];
  at: number;
};
/** `given`: which inboxes have a new row, and its number; `full`: which took none, and take it when it is sent again. */
export type Sent = { given: (KeyAddress & { number: number })[]; full: KeyAddress[] };

/** At most so many rows, and about so many bytes of them, but one where there is any. */
export type Page = { limit: number; bytes: number };

export type InboxRow = { number: number; sender: KeyUser; type: string; content: string };

export type BackupRow = BackupVersion & {
  createdAt: number;
  /** Of its last batch; 0 and null without one. */
  number: number;
  manifest: BackupBatch['manifest'] | null;
  records: number;
  bytes: number;
};
export type BatchRow = BackupBatch & { number: number };

export interface KeyStore {
  /** Changes what a person has published by a rule of `keys/keyring.ts`. */
  changeKeyring<R extends KeyringRule>(rule: R, userId: UserId, input: RuleInput<R>): Promise<Changed<R>>;
  /** Of each of these, in this order. */
  keyrings(users: readonly UserId[]): Promise<KeyringRow[]>;
  secretsOf(userId: UserId): Promise<Keyring['secrets']>;
  /** With whom this person shares a conversation or a request that they see. */
  sharing(me: UserId): Promise<UserId[]>;

  /** Keeps new one-time keys and the newest fallback key; answers with how many unclaimed there are then. */
  putOneTimeKeys(of: KeyAddress, keys: OneTimeUpload, at: number): Promise<number | 'no-room'>;
  /** In this order. Each one-time key is given once. */
  claimKeys(claims: readonly Claim[], at: number): Promise<Claimed[]>;
  keyState(me: DeviceAddress): Promise<KeyState>;
  /** Of each of these, in this order. */
  keyCounts(of: readonly KeyAddress[]): Promise<KeyCounts[]>;
  /** The number of the last change that this person may know of; 0 where there is none. */
  lastKeyChange(me: UserId): Promise<number>;
  /** Changes behind a number that this person may know of, in their order. */
  keyChanges(me: UserId, after: number, limit: number): Promise<ChangesPage>;

  sendToDevice(send: ToDeviceSend): Promise<Sent>;
  /** Ascending, behind `after` or the last that was confirmed, whichever is later. `head`: the number of the last row. */
  inboxRows(of: KeyAddress, after: number, page: Page): Promise<{ rows: InboxRow[]; head: number }>;
  confirmInbox(of: KeyAddress, upTo: number): Promise<void>;

  /** The same version again is no news. */
  addBackup(userId: UserId, backup: BackupVersion, at: number): Promise<'added' | 'no-room' | 'stale'>;
  /** The newest first. */
  backupsOf(userId: UserId): Promise<BackupRow[]>;
  removeBackup(userId: UserId, version: string): Promise<void>;
  addBatch(userId: UserId, version: string, batch: BatchRow): Promise<'added' | 'stale' | 'no-room' | 'not-found'>;
  /** Descending, below `before`. */
  batchesOf(userId: UserId, version: string, before: number, page: Page): Promise<BatchRow[] | 'not-found'>;

  /** Forgets what is kept only for a time, by `now`: requests and claimed keys that nobody can repeat any more. */
  sweepKeys(now: number): Promise<void>;
}
