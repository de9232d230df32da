import type { Role, Settings } from '#protocol/api/account';
import type { ConversationId, DeviceAddress, DeviceId, MessageId, UserId } from '#protocol/ids';
import type { BackupBatch, BackupVersion } from '#protocol/keys/api';
import type { Pair } from '../contacts/pair.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { CallRow } from './calls.ts';
import type { NewPush } from './push.ts';

/*
 * What a store keeps for good, in words that no engine owns and in this order:
 *
 *   installation · { user · avatar? · device* · keyring? · { sealedBackup · sealedBatch* }* }* · { pair · message* }* · call*
 *
 * A person's picture and devices follow the person, a conversation's messages their pair, from seq 1 on. Nothing that
 * opens a door by itself is among it: no invitation, set-up or reset link; nor what running processes agree on, the
 * pins and the registrar's number. Of encryption it is what devices publish for good, and what they have sealed: one-time
 * keys, inboxes, dehydrated devices and the feed of changes would be worth nothing, or used twice, in another epoch.
 */
export type Kept =
  | KeptInstallation
  | KeptUser
  | KeptAvatar
  | KeptDevice
  | KeptKeyring
  | KeptSealedBackup
  | KeptSealedBatch
  | KeptPair
  | KeptMessage
  | KeptCall;

export type KeptInstallation = { kind: 'installation'; id: string; createdAt: number };

/** Without a username it is deleted: an id for the messages it wrote. */
export type KeptUser = {
  kind: 'user';
  id: UserId;
  username: string | null;
  displayName: string;
  passwordHash: string;
  role: Role;
  disabled: boolean;
  settings: Settings;
  callsSeen: number;
  createdAt: number;
};

/** `base64`: the bytes (RFC 4648, 4). */
export type KeptAvatar = { kind: 'avatar'; userId: UserId; version: string; type: string; base64: string };

/** Of its refresh tokens those that are not superseded: hashes, at most the newest and the one it is pending behind. */
export type KeptDevice = {
  kind: 'device';
  id: DeviceId;
  userId: UserId;
  name: string;
  secretHash: string;
  createdAt: number;
  lastSeen: number;
  signedInAt: number;
  refreshedAt: number;
  tokens: { hash: string; gen: number }[];
  push: Omit<NewPush, 'deviceId'> | null;
};

/** What a person's devices have published. */
export type KeptKeyring = { kind: 'keyring'; userId: UserId } & Omit<Keyring, 'dehydrated'>;

/** A version of a person's sealed backup, and the batches of it from number 1 on. */
export type KeptSealedBackup = { kind: 'sealedBackup'; userId: UserId; createdAt: number } & BackupVersion;
export type KeptSealedBatch = { kind: 'sealedBatch'; userId: UserId; version: string; number: number } & BackupBatch;

/** Two people and what they are to each other; with `openedAt` they have a conversation, whose id this is. */
export type KeptPair = {
  kind: 'pair';
  id: ConversationId;
  revision: number;
} & Pick<Pair, 'members' | 'relation' | 'blocks' | 'openedAt'>;

/** A message of the pair before it. */
export type KeptMessage = {
  kind: 'message';
  seq: number;
  id: MessageId;
  author: DeviceAddress;
  at: number;
  counts: boolean;
  data: string;
  withheldFrom: UserId[];
  /** Its data is forgotten. */
  retracted: boolean;
  expiresAt: number | null;
};

/** A call that is over: one that is live while it is read was lost at that moment. */
export type KeptCall = { kind: 'call' } & CallRow;

/** A store as a backup reads it, beside a server that runs or without one. */
export interface Reading {
  /** S50. Everything, once; ends with a `StoreError` `changed` where it must be read anew. */
  everything(): AsyncIterable<Kept>;
  close(): Promise<void>;
}

/** A store that is being put in the place of another one. Nobody sees anything of it before `finish`. */
export interface Filling {
  /** Takes what `Reading.everything` gives, in its order; rejects what does not belong together. */
  add(entry: Kept): Promise<void>;
  /** S52. What was added is the store from now on, under a new epoch, and what was there before is gone. */
  finish(): Promise<void>;
  /** Leaves everything as it was; does nothing after `finish`. */
  close(): Promise<void>;
}

/** `replace`: whether the accounts that are there may go (S53). */
export type FillOptions = { replace: boolean };
