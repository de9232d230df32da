import { type Message } from '#protocol/chat-frames';
import { type Content } from '#protocol/content/kinds';
import { type ListRefusal } from '#protocol/crypto/device-list';
import { type ConversationId, type DeviceAddress, type DeviceId, type MessageId, type UserId } from '#protocol/ids';
import { type Result } from '#protocol/result';
import { type ReadEntry, type ReadRefusal } from './entries.ts';
import { type ApprovalRefusal } from './approval.ts';
import { type Arrived, type Caught } from './arrived.ts';
import { type CallCode, type CallSeen, type CodeRefusal } from './call-code.ts';
import { type Standing } from './identity.ts';
import { type BackedUp, type BackupRefusal, type RestoredPage } from './kept-backup.ts';
import { type NewIdentity, type Opening, type OpenRefusal } from './own-secrets.ts';
import { type PlainUpTo } from './secrets-bundle.ts';
import { type SendRefusal, type Trust } from './trust.ts';
import { type StoreFault } from './store-fault.ts';
import { type Compared, type Identities, type VerifyRefusal } from './verify.ts';

/*
 * What page and worker of the machine say to each other: verbs with what each takes and gives. Tokens stay with the page, so the
 * worker asks it for the network.
 */

/** Of the worker. `open` comes first. */
export interface MachineVerbs {
  /** Resolves when the right to the machine is there, the wasm is loaded and the store is open. @returns why it does not open; null: it is */
  open(input: {
    own: DeviceAddress;
    /** Null: the browser keeps nothing. */
    storeName: string | null;
    storeKey: Uint8Array<ArrayBuffer>;
    wasm: string;
  }): Promise<StoreFault | null>;
  /** Lets what runs end. */
  close(input: null): Promise<null>;
  /** After each `welcome`, and where `keys.state` says that something has changed. */
  catchUp(input: null): Promise<Caught & { readonly standing: Standing }>;
  /** Events up to this number were acted on; until then each catching-up gives them again. */
  forgetEvents(upTo: number): Promise<null>;
  /** For each attempt to post an entry: the same id keeps its counter. @returns `data` of the post */
  seal(input: {
    conversationId: ConversationId;
    /** All of them, oneself too. */
    members: readonly UserId[];
    id: MessageId;
    /** When it was written, ms since the epoch. */
    time: number;
    content: Content;
  }): Promise<Result<string, SendRefusal>>;
  read(entry: Message): Promise<Result<ReadEntry, ReadRefusal>>;
  /** An entry will not be sent, or was refused for good. Later entries say that its number stands for no entry. */
  giveUp(input: { conversationId: ConversationId; id: MessageId }): Promise<null>;
  /** The server has lost entries of these conversations. */
  countAnew(ids: readonly ConversationId[]): Promise<null>;
  /** Before what cannot wait is sealed for a person, or for one device of theirs, or opened from it. @returns what stands against it */
  readyFor(input: { userId: UserId; deviceId?: DeviceId }): Promise<SendRefusal | null>;
  sealFor(input: { to: DeviceAddress; type: string; content: object }): Promise<Result<string, SendRefusal>>;
  openFrom(input: { sender: UserId; sealed: string }): Promise<Arrived>;
  /** What the two persons of a call say to each other. */
  codeOf(call: CallSeen): Promise<Result<CallCode, CodeRefusal>>;
  /** By the inbox of that device: it may be away. */
  send(input: { to: DeviceAddress; type: string; content: object }): Promise<Result<null, SendRefusal>>;
  /** The same to every device of a person but this one, of those that their signed list names. */
  sendToAll(input: { userId: UserId; type: string; content: object }): Promise<Result<null, SendRefusal>>;
  follow(people: readonly UserId[]): Promise<null>;
  trustIn(userId: UserId): Promise<Trust>;
  identities(userId: UserId): Promise<Identities>;
  /** Signs the identity of a person whose master key was compared, and tells the other devices of the own person. */
  verify(input: Compared): Promise<Result<null, VerifyRefusal>>;
  acceptIdentity(userId: UserId): Promise<null>;
  /** What this device is of its person. Asks the server: behind it one knows what is to be done. */
  standing(input: null): Promise<Standing>;
  /** The same as far as this device has heard: without the network. */
  knownStanding(input: null): Promise<Standing>;
  /**
   * Makes this device one of its person's by the password: makes the identity of a person who has none, or goes on with that after a
   * crash, opens the secrets, or locks them with another password than before.
   * @returns the recovery code of secrets that were made, to be shown once; null: they were there
   */
  join(input: { wrappingKey: CryptoKey }): Promise<Result<string | null, OpenRefusal>>;
  /**
   * Makes the identity of a person who has none, its backup and the sealed secrets; with `loginSecret` another identity in the place of
   * the one there is.
   * @returns the recovery code, to be shown once; null: there is an identity, whose secrets are to be opened
   */
  makeIdentity(input: NewIdentity): Promise<string | null>;
  /** Conversation → the highest place that may hold a plain message; null: the secrets were not opened on this device. */
  plainUpTo(input: null): Promise<PlainUpTo | null>;
  /** On a new device: takes the identity over, which signs and lists the device. */
  openSecrets(opening: Opening): Promise<Result<null, OpenRefusal>>;
  /** What a new device shows to another one of its person, with the secret of the code, which goes with it. */
  deviceCode(input: null): Promise<{ readonly code: string; readonly secret: string }>;
  /** Makes the device whose code was scanned one of this person's: signs and lists it, and sends it what opens the secrets. */
  approveDevice(code: string): Promise<Result<DeviceAddress, ApprovalRefusal>>;
  /** After the server has taken a new password. */
  changePassword(input: { wrappingKey: CryptoKey }): Promise<null>;
  newRecoveryCode(input: null): Promise<string>;
  /** Takes devices out of the signed list, before the server is asked to sign them out. @returns those that are left */
  removeDevices(ids: readonly DeviceId[]): Promise<readonly DeviceId[]>;
  /**
   * Reads what the dehydrated device of this person has received, where that is due, and renews it.
   * @returns whether keys have come
   */
  tendDehydrated(input: null): Promise<boolean>;
  /** One batch; where some are left, ask again. */
  backUp(input: null): Promise<Result<BackedUp, BackupRefusal>>;
  /** One page; where some are left, ask again. */
  restore(input: null): Promise<Result<RestoredPage, BackupRefusal>>;
}

/** A request of the worker as the page has it answered. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}
/** `refused`: the type of the problem. A request that failed on its way is an error of the call. */
export type AskedAnswer = { readonly value: unknown } | { readonly refused: string };

/** Of the page. */
export interface PageVerbs {
  ask(request: Asked): Promise<AskedAnswer>;
  /** The list of somebody's devices was refused. */
  noticed(input: { userId: UserId; refusal: ListRefusal }): Promise<null>;
  /** Another tab has the machine and does not answer: it must be closed before anything is sealed here. */
  waiting(input: null): Promise<null>;
  /** The machine was closed and went to another tab. */
  handedOver(input: null): Promise<null>;
}
