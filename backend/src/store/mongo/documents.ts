import type { Role, Settings } from '#protocol/api/account';
import type { CallId, ConversationId, DeviceId, UserId } from '#protocol/ids';
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
 *   call ─── the two it keeps busy, unique among live ones
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
};

/** `at`: when it was written, ms since the epoch. */
export type AvatarDocument = { _id: string; userId: UserId; at: number; type: string; bytes: Buffer };

/** A token that was superseded longer ago than its grace: kept only to be recognised. */
export type RetiredTokenDocument = { _id: string; device: DeviceId; family: string; supersededAt: number };

/** Two people: what they are to each other, and their conversation, whose id this is. `revision` counts the changes. */
export type PairDocument = Pair & { _id: ConversationId; revision: number };

export type MessageDocument = {
  /** Conversation, sender and id: the same post is there once. */
  _id: string;
  conversationId: ConversationId;
  /** There where it is retracted: its number among those of the conversation, unique. */
  retraction?: number;
} & Omit<KeptMessage, 'kind'>;

/** `live` has what the call takes of its two people while it is (`liveFor`), and is gone afterwards. `fence` is of the registrar that knows it. */
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
