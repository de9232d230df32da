import type { Role, Settings } from '#protocol/api/account';
import type { CallId, ConversationId, DeviceId, UserId } from '#protocol/ids';
import type { KeyUser } from '#protocol/keys/objects';
import type { Pair } from '../../contacts/pair.ts';
import type { Family } from '../../auth/refresh-family.ts';
import type { CallRow } from '../calls.ts';
import type { NewInvitation } from '../invitations.ts';
import type { NewPush } from '../push.ts';
import type { KeptMessage } from '../transfer.ts';
import type { Installation } from '../store.ts';

/*
 * What is kept, document by document. There are no transactions, so whatever must change together is one document:
 *
 *   user ─┬─ devices ── the family of refresh tokens of each
 *         └─ username, unique                      avatar, retired token: follow, and mean nothing without their user
 *   pair ─── relation, blocks, the conversation of the two with their marks
 *   message ─── its place, unique
 *   call ─── its people, and whom it keeps busy, unique among live ones
 *   keyring ─── what the devices of a person publish, those that are there; one-time keys and inboxes follow
 */

/** `filling`: another store is just taking the place of this one. */
export type InstallationDocument = Installation & { _id: 'installation'; version: number; filling?: boolean };

/** Of two devices with one endpoint the one with the higher `turn` has it. */
export type PushDocument = Omit<NewPush, 'deviceId'> & { turn: number };

export type DeviceDocument = {
  id: DeviceId;
  name: string;
  secretHash: string;
  createdAt: number;
  lastSeen: number;
  family: Family;
  push?: PushDocument;
  /** Counts the changes of `family`, for whoever read it and wants to change it. */
  rev: number;
};

export type UserDocument = {
  _id: UserId;
  /** Gone when the account is deleted: that is the moment of deletion. */
  username?: string;
  displayName: string;
  nameKeys: string[];
  passwordHash: string;
  role: Role;
  disabled: boolean;
  settings: Settings;
  callsSeen: number;
  createdAt: number;
  /** The version that others know it by, and which document its bytes are. */
  avatar: { version: string; picture: string } | null;
  devices: DeviceDocument[];
  /** The link that changes the password. */
  reset?: { codeHash: string; expiresAt: number };
  /** The set-up link that made it the admin: a link makes one. */
  setUp?: string;
  /** The invitation it was made with; there until that and the contact it brings are settled. */
  invited?: { id: string; inviterId: UserId | null; at: number };
  /** Ms since the epoch; there while this admin is being disabled or deleted. */
  goingAt?: number;
  /** Ms since the epoch; there while traces of a deleted account may be left elsewhere. */
  leftAt?: number;
  /** Ms since the epoch; there while keys of devices that have gone may be left, and others may not have been told. */
  keysOwedAt?: number;
};

/** `at`: when it was written, ms since the epoch. */
export type AvatarDocument = { _id: string; userId: UserId; at: number; type: string; bytes: Buffer };

/** A token that was superseded longer ago than its grace: kept only to be recognised. */
export type RetiredTokenDocument = { _id: string; device: DeviceId; family: string; supersededAt: number };

/** Two people: what they are to each other, and their conversation, whose id this is. `revision` counts the changes. */
export type PairDocument = Pair & {
  _id: ConversationId;
  revision: number;
  /** Ms since the epoch; there while the two may not have been told that they share, or share no more. */
  keysOwedAt?: number;
};

export type MessageDocument = {
  /** Conversation, sender and id: the same post is there once. */
  _id: string;
  conversationId: ConversationId;
  /** There where it is retracted: its number among those of the conversation, unique. */
  retraction?: number;
} & Omit<KeptMessage, 'kind'>;

/** `live` has what the call takes of its people while it is (`liveFor`), and is gone afterwards. `fence` is of the registrar that knows it. */
export type CallDocument = Omit<CallRow, 'callId'> & { _id: CallId; live?: string[]; fence: number };

/**
 * `used` counts those who have come; `held` are places of those who are just coming, since when, and whether as a new
 * account. An inviter has one open invitation a `slot`.
 */
export type InvitationDocument = Omit<NewInvitation, 'id'> & {
  _id: string;
  slot: number;
  used: number;
  held: { user: UserId; at: number; creates: boolean }[];
};

export type SetUpLinkDocument = { _id: 'link'; seal: string };

/** What only grows: the number of the registrar of calls, and the turns of push subscriptions. */
export type CounterDocument = { _id: 'calls' | 'push'; count: number };

export type PinDocument = { _id: string; value: string };

/** Objects that nothing looks into are JSON: their names are not for an engine to read. */
export type KeyringDocument = {
  _id: UserId;
  /** Those of devices that are gone mean nothing. */
  devices: { id: DeviceId; keys: string }[];
  identity: string | null;
  list: string | null;
  signedOthers: string;
  dehydrated: string;
  secrets: string | null;
  /** Counts the changes. */
  rev: number;
  /** Ms since the epoch; there while others may not have been told of a change. */
  owedAt?: number;
};

/** `place`: a user and a device. `order`: the lowest is given first. One that was claimed is known for a while. */
export type OneTimeKeyDocument = {
  /** The place and the name. */
  _id: string;
  place: string;
  name: string;
  key: string;
  order: number;
  claimedAt: number | null;
};
/** Its id is the place. */
export type FallbackKeyDocument = { _id: string; name: string; key: string; used: boolean };

/** Its id is the number, which the first insert has. `reader` is '' where it is for all who share with `user`. */
export type KeyChangeDocument = { _id: number; user: UserId; reader: UserId | ''; hasLeft: boolean; at: number };

/** Its id is the place. */
export type InboxDocument = { _id: string; confirmed: number };
/** One that was confirmed has no content, and stays while a write that is late could take its number or bring it back. */
export type InboxRowDocument = {
  /** The place and the request. */
  _id: string;
  place: string;
  number: number;
  request: string;
  sender: KeyUser;
  type: string;
  content?: string;
  bytes: number;
  confirmedAt: number | null;
};
/** `waiting`: the places that have not got theirs yet; null: all have. */
export type ToDeviceDocument = { _id: string; device: DeviceId; at: number; waiting: string[] | null };

export type SealedBackupDocument = { _id: string; user: UserId; version: string; about: string; createdAt: number };
/** `records` and `bytes` are of this batch and all before it. */
export type SealedBatchDocument = {
  _id: string;
  backup: string;
  number: number;
  manifest: string;
  content: string;
  records: number;
  bytes: number;
  size: number;
};
