import { Schema, type Connection } from 'mongoose';
import type * as kept from './documents.ts';

// Ids are our own, nothing is versioned behind our back, an empty object stays what it is, and what is not written down
// here is refused instead of being left out without a word.
const QUIET = { versionKey: false, autoIndex: false, autoCreate: false } as const;
const OPTIONS = { ...QUIET, id: false, minimize: false, strict: 'throw' } as const;
const PART = { ...OPTIONS, _id: false } as const;

const text = { type: String, required: true } as const;
/** Text that may be empty. */
const words = { type: String, default: '' } as const;
const number = { type: Number, required: true } as const;
const flag = { type: Boolean, required: true } as const;
const perhaps = { type: Number, default: null } as const;

/** An index of the documents that have this. */
const where = (path: string) => ({ partialFilterExpression: { [path]: { $exists: true } } });
/** Of those that have it no two have the same. */
const once = (path: string) => ({ unique: true, ...where(path) });

const installation = new Schema<kept.InstallationDocument>(
  { _id: text, id: text, epoch: text, createdAt: number, version: number, filling: Boolean },
  OPTIONS,
);

const token = new Schema({ hash: text, gen: number, supersededAt: perhaps }, PART);
const family = new Schema({ id: text, signedInAt: number, refreshedAt: number, tokens: [token] }, PART);
const push = new Schema(
  { endpoint: text, p256dh: text, auth: text, language: text, key: text, at: number, turn: number },
  PART,
);
const device = new Schema(
  { id: text, name: words, secretHash: text, createdAt: number, lastSeen: number, family, push, rev: number },
  PART,
);
const picture = new Schema({ version: text, picture: text }, PART);
const reset = new Schema({ codeHash: text, expiresAt: number }, PART);
const invited = new Schema({ id: text, inviterId: { type: String, default: null }, at: number }, PART);
const user = new Schema<kept.UserDocument>(
  {
    _id: text,
    username: String,
    displayName: words,
    nameKeys: [String],
    passwordHash: words,
    role: text,
    disabled: flag,
    settings: new Schema({ readReceipts: flag, relayCalls: Boolean }, PART),
    callsSeen: number,
    createdAt: number,
    avatar: { type: picture, default: null },
    devices: [device],
    reset,
    setUp: String,
    invited,
    leftAt: Number,
    goingAt: Number,
    keysOwedAt: Number,
  },
  OPTIONS,
)
  .index({ username: 1 }, once('username'))
  .index({ 'devices.id': 1 }, once('devices.id'))
  .index({ 'reset.codeHash': 1 }, once('reset.codeHash'))
  .index({ setUp: 1 }, once('setUp'))
  .index({ 'devices.push.endpoint': 1 }, where('devices.push.endpoint'))
  .index({ nameKeys: 1 })
  .index({ role: 1 }, { partialFilterExpression: { role: 'admin' } })
  .index({ invited: 1 }, where('invited'))
  .index({ leftAt: 1 }, where('leftAt'))
  .index({ keysOwedAt: 1 }, where('keysOwedAt'));

const held = new Schema({ user: text, at: number, creates: flag }, PART);
const invitation = new Schema<kept.InvitationDocument>(
  {
    _id: text,
    codeHash: text,
    inviterId: { type: String, default: null },
    slot: number,
    uses: number,
    used: number,
    held: [held],
    createdAt: number,
    expiresAt: number,
  },
  OPTIONS,
)
  .index({ codeHash: 1 }, { unique: true })
  .index({ inviterId: 1, slot: 1 }, { unique: true })
  .index({ 'held.user': 1 }, where('held.user'));
const setUpLink = new Schema<kept.SetUpLinkDocument>({ _id: text, seal: text }, OPTIONS);

const avatar = new Schema<kept.AvatarDocument>(
  { _id: text, userId: text, at: number, type: text, bytes: { type: Buffer, required: true } },
  OPTIONS,
).index({ userId: 1 });

const retired = new Schema<kept.RetiredTokenDocument>(
  { _id: text, device: text, family: text, supersededAt: number },
  OPTIONS,
).index({ device: 1, supersededAt: 1 });

const member = new Schema({ user: text, role: text, from: number, to: perhaps, received: number, read: number }, PART);
const relation = new Schema({ requestedBy: { type: String, default: null }, hidden: flag, since: number }, PART);
const block = new Schema({ by: text, at: number, received: number, read: number }, PART);
const pair = new Schema<kept.PairDocument>(
  {
    _id: text,
    members: [member],
    relation: { type: relation, default: null },
    blocks: [block],
    openedAt: perhaps,
    revision: number,
    keysOwedAt: Number,
  },
  OPTIONS,
)
  .index({ 'members.user': 1 })
  .index({ keysOwedAt: 1 }, where('keysOwedAt'));

const author = new Schema({ userId: text, deviceId: text }, PART);
const message = new Schema<kept.MessageDocument>(
  {
    _id: text,
    conversationId: text,
    seq: number,
    id: text,
    author,
    at: number,
    counts: flag,
    data: words,
    withheldFrom: [String],
    retracted: flag,
    retraction: Number,
    expiresAt: perhaps,
  },
  OPTIONS,
)
  .index({ conversationId: 1, seq: 1 }, { unique: true })
  .index({ conversationId: 1, retraction: 1 }, { unique: true, partialFilterExpression: { retraction: { $gt: 0 } } })
  .index({ expiresAt: 1 }, { partialFilterExpression: { expiresAt: { $gt: 0 } } });

const perhapsText = { type: String, default: null } as const;
const party = new Schema(
  { userId: text, deviceId: perhapsText, joinedAt: perhaps, leftAt: perhaps, reason: perhapsText, withheld: flag },
  PART,
);
const call = new Schema<kept.CallDocument>(
  {
    _id: text,
    position: number,
    media: text,
    conversationId: perhapsText,
    state: text,
    at: number,
    parties: [party],
    live: { type: [String], default: undefined },
    fence: number,
  },
  OPTIONS,
)
  .index({ position: 1 }, { unique: true })
  // An element of `live` in two documents is a user in two calls at once.
  .index({ live: 1 }, once('live'))
  .index({ 'parties.userId': 1, position: 1 });

const counter = new Schema<kept.CounterDocument>({ _id: text, count: number }, OPTIONS);
const pin = new Schema<kept.PinDocument>({ _id: text, value: words }, OPTIONS);

const json = words;
const perhapsJson = perhapsText;
const keyring = new Schema<kept.KeyringDocument>(
  {
    _id: text,
    devices: [new Schema({ id: text, keys: json }, PART)],
    identity: perhapsJson,
    list: perhapsJson,
    signedOthers: json,
    dehydrated: json,
    secrets: perhapsJson,
    rev: number,
    owedAt: Number,
  },
  OPTIONS,
).index({ owedAt: 1 }, where('owedAt'));
const oneTimeKey = new Schema<kept.OneTimeKeyDocument>(
  { _id: text, place: text, name: text, key: json, order: number, claimedAt: perhaps },
  OPTIONS,
)
  .index({ place: 1, claimedAt: 1, order: 1 })
  .index({ claimedAt: 1 }, { partialFilterExpression: { claimedAt: { $gt: 0 } } });
const fallbackKey = new Schema<kept.FallbackKeyDocument>({ _id: text, name: text, key: json, used: flag }, OPTIONS);
const keyChange = new Schema<kept.KeyChangeDocument>(
  { _id: number, user: text, reader: words, hasLeft: flag, at: number },
  OPTIONS,
)
  .index({ user: 1, reader: 1, _id: 1 })
  .index({ reader: 1, _id: 1 });
const inbox = new Schema<kept.InboxDocument>({ _id: text, confirmed: number }, OPTIONS);
const inboxRow = new Schema<kept.InboxRowDocument>(
  {
    _id: text,
    place: text,
    number,
    request: text,
    sender: text,
    type: text,
    content: String,
    bytes: number,
    confirmedAt: perhaps,
  },
  OPTIONS,
)
  .index({ place: 1, number: 1 }, { unique: true })
  .index({ place: 1, sender: 1, confirmedAt: 1, bytes: 1 })
  .index({ confirmedAt: 1 }, { partialFilterExpression: { confirmedAt: { $gt: 0 } } });
const toDevice = new Schema<kept.ToDeviceDocument>(
  { _id: text, device: text, at: number, waiting: { type: [String], default: null } },
  OPTIONS,
)
  .index({ device: 1 })
  .index({ at: 1 });
const sealedBackup = new Schema<kept.SealedBackupDocument>(
  { _id: text, user: text, version: text, about: json, createdAt: number },
  OPTIONS,
).index({ user: 1 });
const sealedBatch = new Schema<kept.SealedBatchDocument>(
  { _id: text, backup: text, number, manifest: json, content: json, records: number, bytes: number, size: number },
  OPTIONS,
).index({ backup: 1, number: 1 }, { unique: true });

/**
 * The collections of one connection.
 * @param stage what their names begin with while nobody is to see them
 */
export const collectionsOf = (connection: Connection, stage = '') => {
  const model = <D>(name: string, schema: Schema<D>, collection: string) =>
    connection.model<D>(stage + name, schema, stage + collection);
  return {
    installations: model<kept.InstallationDocument>('installation', installation, 'installation'),
    users: model<kept.UserDocument>('user', user, 'users'),
    avatars: model<kept.AvatarDocument>('avatar', avatar, 'avatars'),
    retired: model<kept.RetiredTokenDocument>('retired', retired, 'retiredTokens'),
    pairs: model<kept.PairDocument>('pair', pair, 'pairs'),
    messages: model<kept.MessageDocument>('message', message, 'messages'),
    calls: model<kept.CallDocument>('call', call, 'calls'),
    invitations: model<kept.InvitationDocument>('invitation', invitation, 'invitations'),
    setUpLinks: model<kept.SetUpLinkDocument>('setUpLink', setUpLink, 'setUpLinks'),
    counters: model<kept.CounterDocument>('counter', counter, 'counters'),
    pins: model<kept.PinDocument>('pin', pin, 'pins'),
    keyrings: model<kept.KeyringDocument>('keyring', keyring, 'keyrings'),
    oneTimeKeys: model<kept.OneTimeKeyDocument>('oneTimeKey', oneTimeKey, 'oneTimeKeys'),
    fallbackKeys: model<kept.FallbackKeyDocument>('fallbackKey', fallbackKey, 'fallbackKeys'),
    keyChanges: model<kept.KeyChangeDocument>('keyChange', keyChange, 'keyChanges'),
    inboxes: model<kept.InboxDocument>('inbox', inbox, 'inboxes'),
    inboxRows: model<kept.InboxRowDocument>('inboxRow', inboxRow, 'inboxRows'),
    toDevice: model<kept.ToDeviceDocument>('toDevice', toDevice, 'toDevice'),
    sealedBackups: model<kept.SealedBackupDocument>('sealedBackup', sealedBackup, 'sealedBackups'),
    sealedBatches: model<kept.SealedBatchDocument>('sealedBatch', sealedBatch, 'sealedBatches'),
  };
};
export type Collections = ReturnType<typeof collectionsOf>;
