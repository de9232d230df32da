import type { UserId } from '#protocol/ids';
import type { Clock } from '../../clock.ts';
import { NEW_SETTINGS } from '../account-defaults.ts';
import { readSettings } from './user-row.ts';
import { lost } from '../../calls/lost-call.ts';
import type { MongoBase } from './base.ts';
import { isKept } from '../../keys/keyring.ts';
import { sealedOf } from './backups.ts';
import { callRow } from './calls.ts';
import { connect } from './connection.ts';
import type { CallDocument, DeviceDocument, MessageDocument, PairDocument, UserDocument } from './documents.ts';
import { storeError } from './faults.ts';
import { settleGuest } from './guests.ts';
import { readableInstallation } from './installation.ts';
import { ringOf } from './keyrings.ts';
import { mend } from './mender.ts';
import { Posts } from './posts.ts';
import { collectionsOf } from './schemas.ts';
import { createAttempts } from './turns.ts';
import { withoutMember } from '../../contacts/pair.ts';
import { StoreError } from '../store-error.ts';
import type { Kept, KeptCall, KeptDevice, KeptMessage, KeptPair, KeptUser, Reading } from '../transfer.ts';

/**
 * S50. Reads a database beside processes that may run on it. There is no transaction, so people are read first, then what
 * is between them: whoever comes meanwhile is left out with all that names them, and of each conversation its beginning
 * is read, up to wherever its end was when the reading came there. Whoever goes meanwhile may have been read with their
 * account and without their contacts: `everything` then ends with a `StoreError` `changed`.
 * @throws StoreError as `connect` and `readableInstallation` say
 */
export async function readMongo(url: string, clock: Clock): Promise<Reading> {
  const connection = await connect(url);
  const kept = collectionsOf(connection);
  const now = () => clock.now();
  const base: MongoBase = { ...kept, attempts: createAttempts(), enqueue: post => new Posts(kept).append(post), now };
  try {
    const { id, createdAt } = await readableInstallation(connection, kept);
    // What a crash has left undone is not to be read as it is.
    await mend(base);
    return {
      everything: () => typed(everythingOf(base, { kind: 'installation', id, createdAt })),
      close: () => connection.destroy(),
    };
  } catch (error) {
    await connection.destroy();
    throw storeError('reading', error);
  }
}

/** Ends with nothing but a `StoreError`. */
async function* typed(entries: AsyncIterable<Kept>): AsyncGenerator<Kept> {
  try {
    yield* entries;
  } catch (error) {
    throw storeError('reading', error);
  }
}

/** Who was read: whether each is alive, and what only one may have. */
class People {
  readonly #alive = new Map<UserId, boolean>();
  readonly #taken = new Set<string>();

  /** False of a name that its first owner gave up a moment ago: who has it now came after the reading began. */
  add({ _id, username }: UserDocument): boolean {
    if (username !== undefined && !this.isFirst(`@${username}`)) return false;
    this.#alive.set(_id, username !== undefined);
    return true;
  }

  /** Whether nobody was read with it before. */
  isFirst(unique: string): boolean {
    const is = !this.#taken.has(unique);
    this.#taken.add(unique);
    return is;
  }

  knows = (id: UserId): boolean => this.#alive.has(id);
  isAlive = (id: UserId): boolean => this.#alive.get(id) === true;
}

async function* everythingOf(base: MongoBase, installation: Kept): AsyncGenerator<Kept> {
  yield installation;
  const people = new People();
  for await (const user of base.users.find().sort({ _id: 1 }).lean().cursor()) {
    // Before what is between people is read, so that the contact it brings is among it.
    if (user.invited) await settleGuest(base, user._id, user.invited);
    if (people.add(user)) yield* personOf(base, user, people);
  }
  for await (const pair of base.pairs.find().sort({ _id: 1 }).lean().cursor()) yield* pairOf(base, pair, people);
  for await (const call of base.calls.find().sort({ position: 1 }).lean().cursor()) {
    if (call.parties.every(({ userId }) => people.knows(userId))) yield keptCall(call, base.now());
  }
  await expectNobodyGone(base, people);
}

async function expectNobodyGone({ users }: MongoBase, people: People): Promise<void> {
  for await (const { _id } of users
    .find({ username: { $exists: false } }, '_id')
    .lean()
    .cursor()) {
    if (people.isAlive(_id))
      throw new StoreError('changed', 'An account was deleted while everything was read. Do it again.');
  }
}

async function* personOf(base: MongoBase, user: UserDocument, people: People): AsyncGenerator<Kept> {
  const { avatars } = base;
  yield keptUser(user);
  if (user.username === undefined) return;
  const picture = user.avatar && (await avatars.findById(user.avatar.picture).lean());
  if (user.avatar && picture) {
    const { version } = user.avatar;
    const base64 = Buffer.from(picture.bytes).toString('base64');
    yield { kind: 'avatar', userId: user._id, version, type: picture.type, base64 };
  }
  const devices = user.devices.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  for (const device of devices) yield keptDevice(user._id, device, people);
  const { dehydrated: _, ...ring } = ringOf(
    await base.keyrings.findById(user._id).lean(),
    devices.map(({ id }) => id),
  );
  const inOrder = ring.devices.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  if (isKept(ring)) yield { kind: 'keyring', userId: user._id, ...ring, devices: inOrder };
  yield* sealedOf(base, user._id);
}

function keptUser({ _id: id, username, ...user }: UserDocument): KeptUser {
  const { displayName, passwordHash, role, disabled, settings, callsSeen, createdAt } = user;
  if (username === undefined) {
    const nothing = { displayName: '', passwordHash: '', disabled: false, callsSeen: 0, createdAt: 0 };
    return { kind: 'user', id, username: null, role: 'user', settings: NEW_SETTINGS, ...nothing };
  }
  const own = { id, username, displayName, passwordHash, role, disabled, settings: readSettings(settings) };
  return { kind: 'user', ...own, callsSeen, createdAt };
}

function keptDevice(userId: UserId, device: DeviceDocument, people: People): KeptDevice {
  const { id, name, secretHash, createdAt, lastSeen, family, push } = device;
  const tokens = family.tokens.filter(({ supersededAt }) => supersededAt === null);
  const { signedInAt, refreshedAt } = family;
  return {
    kind: 'device',
    id,
    userId,
    name,
    secretHash,
    createdAt,
    lastSeen,
    signedInAt,
    refreshedAt,
    tokens: tokens.map(({ hash, gen }) => ({ hash, gen })),
    // An endpoint that is just moving from one device to another was read with the first.
    push: push && people.isFirst(push.endpoint) ? keptPush(push) : null,
  };
}

const keptPush = ({ endpoint, p256dh, auth, language, key, at }: NonNullable<DeviceDocument['push']>) => ({
  endpoint,
  p256dh,
  auth,
  language,
  key,
  at,
});

async function* pairOf({ messages }: MongoBase, pair: PairDocument, people: People): AsyncGenerator<Kept> {
  const users = pair.members.map(({ user }) => user);
  const living = users.filter(people.isAlive);
  const isAnything = pair.openedAt !== null || pair.relation !== null || pair.blocks.length > 0;
  if (!users.every(people.knows) || living.length === 0 || !isAnything) return;
  const gone = users.find(user => !people.isAlive(user));
  const { members, relation, blocks, openedAt } = gone === undefined ? pair : withoutMember(pair, gone);
  if (gone !== undefined && openedAt === null) return;
  yield keptPair({ ...pair, members, relation, blocks, openedAt });
  if (openedAt === null) return;
  let seq = 0;
  for await (const message of messages.find({ conversationId: pair._id }).sort({ seq: 1 }).lean().cursor()) {
    // A conversation that is just being deleted ends where the deletion has come to.
    if (message.seq !== ++seq) return;
    yield keptMessage(message, living);
  }
}

const keptPair = ({ _id: id, revision, members, relation, blocks, openedAt }: PairDocument): KeptPair => ({
  kind: 'pair',
  id,
  revision: openedAt === null ? 0 : revision,
  members: members.map(({ user, role, from, to, received, read }) => ({ user, role, from, to, received, read })),
  relation: relation && { requestedBy: relation.requestedBy, hidden: relation.hidden, since: relation.since },
  blocks: blocks
    .map(({ by, at, received, read }) => ({ by, at, received, read }))
    .sort((one, other) => (one.by < other.by ? -1 : 1)),
  openedAt,
});

const keptMessage = (
  { seq, id, author: { userId, deviceId }, at, counts, data, withheldFrom, retracted, expiresAt }: MessageDocument,
  living: readonly UserId[],
): KeptMessage => ({
  kind: 'message',
  seq,
  id,
  author: { userId, deviceId },
  at,
  counts,
  data,
  withheldFrom: withheldFrom.filter(user => living.includes(user)).sort(),
  retracted,
  expiresAt,
});

function keptCall(document: CallDocument, now: number): KeptCall {
  const call = callRow(document);
  return { kind: 'call', ...call, ...(call.state === 'ended' ? {} : lost(call, now)) };
}
