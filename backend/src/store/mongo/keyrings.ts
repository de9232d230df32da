import type { DeviceId, UserId } from '#protocol/ids';
import {
  applied,
  looksOther,
  NO_KEYRING,
  placeOf,
  type Keyring,
  type KeyringRule,
  type RuleInput,
} from '../../keys/keyring.ts';
import type { MongoBase, Unbound } from './base.ts';
import type { KeyringDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { noteChange, wasNoted } from './key-changes.ts';
import type { Collections } from './schemas.ts';
import { CONTENDED } from './turns.ts';
import { living } from './user-row.ts';
import type { Changed, KeyAddress, KeyringRow, KeyStore } from '../keys.ts';

/** What this program has written as JSON of that type. */
const json = <T>(text: string): T => JSON.parse(text) as T;
const perhaps = <T>(text: string | null): T | null => (text === null ? null : json<T>(text));

/** A keyring as its document has it, of the devices that are there. */
export function ringOf(document: KeyringDocument | null, there: readonly DeviceId[]): Keyring {
  if (!document) return NO_KEYRING;
  const { devices, identity, list, signedOthers, dehydrated, secrets } = document;
  return {
    devices: devices.filter(({ id }) => there.includes(id)).map(({ id, keys }) => ({ id, keys: json(keys) })),
    identity: perhaps(identity),
    list: perhaps(list),
    signedOthers: json(signedOthers),
    dehydrated: json(dehydrated),
    secrets: perhaps(secrets ?? null),
  };
}

const orNull = (value: object | null): string | null => value && JSON.stringify(value);

export const ringFields = (ring: Keyring): Omit<KeyringDocument, '_id' | 'rev' | 'owedAt'> => ({
  devices: ring.devices.map(({ id, keys }) => ({ id, keys: JSON.stringify(keys) })),
  identity: orNull(ring.identity),
  list: orNull(ring.list),
  signedOthers: JSON.stringify(ring.signedOthers),
  dehydrated: JSON.stringify(ring.dehydrated),
  secrets: orNull(ring.secrets),
});

const changeKeyring = async <R extends KeyringRule>(
  base: MongoBase,
  rule: R,
  userId: UserId,
  input: RuleInput<R>,
): Promise<Changed<R>> => {
  const changed = await base.attempts(`keyring ${userId}`, async () => {
    const user = await base.users.findOne(living(userId), 'devices.id').lean();
    if (!user) return { answer: 'unknown' as const, gone: [], owedAt: undefined };
    const document = await base.keyrings.findById(userId).lean();
    const before = ringOf(
      document,
      user.devices.map(({ id }) => id),
    );
    const [after, answer] = applied(rule, before, input);
    const owedAt = looksOther(before, after) ? base.now() : undefined;
    if (after !== before && !(await write(base, document, { ...ringFields(after), _id: userId }, owedAt)))
      return CONTENDED;
    const gone = before.dehydrated.filter(one => !after.dehydrated.some(next => next.id === one.id));
    return { answer, gone: gone.map(({ id }) => placeOf(userId, id)), owedAt };
  });
  for (const place of changed.gone) await forgetPlaces(base, place);
  if (changed.owedAt !== undefined) await settleOwed(base, userId, changed.owedAt);
  return { answer: changed.answer, forOthers: changed.owedAt !== undefined };
};

type Written = Omit<KeyringDocument, 'rev' | 'owedAt'>;

async function write(
  { keyrings }: MongoBase,
  before: KeyringDocument | null,
  { _id, ...fields }: Written,
  owedAt: number | undefined,
): Promise<boolean> {
  const owed = owedAt === undefined ? {} : { owedAt };
  if (before) {
    const { matchedCount } = await keyrings.updateOne(
      { _id, rev: before.rev },
      { $set: { ...fields, ...owed }, $inc: { rev: 1 } },
    );
    return matchedCount > 0;
  }
  try {
    await keyrings.insertOne({ _id, ...fields, rev: 0, ...owed });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Others are told of a change; a crash before that is made up for by the mender. */
export async function settleOwed(base: MongoBase, _id: UserId, owedAt: number): Promise<void> {
  await noteChange(base, _id);
  await base.keyrings.updateOne({ _id, owedAt }, { $unset: { owedAt: 1 } });
}

/** Everything at a place goes, or at all places of a user: `<user> `. */
export async function forgetPlaces(kept: Collections, place: string): Promise<void> {
  const range = place.endsWith(' ') ? { $gte: place, $lt: `${place.trimEnd()}!` } : place;
  await kept.oneTimeKeys.deleteMany({ place: range });
  await kept.fallbackKeys.deleteMany({ _id: range });
  await kept.inboxRows.deleteMany({ place: range });
  await kept.inboxes.deleteMany({ _id: range });
}

/**
 * What devices leave that have just gone: tokens, keys, inboxes; and others are told. The mark `keysOwedAt` of their user's
 * document stays for the mender: something may have been on its way to them, and another removal may not have ended.
 */
export async function settleGone(base: MongoBase, userId: UserId, devices: readonly DeviceId[]): Promise<void> {
  await base.retired.deleteMany({ device: { $in: [...devices] } });
  for (const id of devices) await forgetPlaces(base, placeOf(userId, id));
  await base.toDevice.deleteMany({ device: { $in: [...devices] } });
  await noteChange(base, userId);
}

/** Once nothing can come any more: what is not of a device that is there goes, and others are told where a crash came before that. */
export async function mendGone(base: MongoBase, userId: UserId, owedAt: number): Promise<void> {
  const first = { $gte: `${userId} `, $lt: `${userId}!` };
  const places = new Set<string>([
    ...(await base.oneTimeKeys.distinct('place', { place: first })),
    ...(await base.fallbackKeys.distinct('_id', { _id: first })),
    ...(await base.inboxRows.distinct('place', { place: first })),
    ...(await base.inboxes.distinct('_id', { _id: first })),
  ]);
  // Read last: a device is there before what is put at its place.
  const there = await placesOf(base, userId);
  for (const place of places) if (!there.has(place)) await forgetPlaces(base, place);
  if (!(await wasNoted(base, userId, owedAt))) await noteChange(base, userId);
  await base.users.updateOne({ _id: userId, keysOwedAt: owedAt }, { $unset: { keysOwedAt: 1 } });
}

/** The places of devices that are there, signed in or dehydrated. */
async function placesOf(base: MongoBase, userId: UserId): Promise<Set<string>> {
  const [row] = await keyrings(base, [userId]);
  const user = await base.users.findOne(living(userId), 'devices.id').lean();
  const ids = [...(user?.devices ?? []), ...(row?.ring.dehydrated ?? [])].map(({ id }) => id);
  return new Set(ids.map(id => placeOf(userId, id)));
}

/** Those of these that are there. */
export async function thereAmong(base: MongoBase, all: readonly KeyAddress[]): Promise<Set<string>> {
  const ids = [...new Set(all.map(({ userId }) => userId))];
  const users = await base.users.find({ _id: { $in: ids }, username: { $exists: true } }, 'devices.id').lean();
  const rings = await base.keyrings.find({ _id: { $in: ids } }, 'dehydrated').lean();
  return new Set([
    ...users.flatMap(({ _id, devices }) => devices.map(({ id }) => placeOf(_id, id))),
    ...rings.flatMap(({ _id, dehydrated }) =>
      json<Keyring['dehydrated']>(dehydrated).map(({ id }) => placeOf(_id, id)),
    ),
  ]);
}

async function keyrings(base: MongoBase, ids: readonly UserId[]): Promise<KeyringRow[]> {
  const [users, documents] = await Promise.all([
    base.users.find({ _id: { $in: [...ids] }, username: { $exists: true } }, 'devices.id devices.lastSeen').lean(),
    base.keyrings.find({ _id: { $in: [...ids] } }, '-secrets').lean(),
  ]);
  const devices = new Map(users.map(user => [user._id, user.devices]));
  const rings = new Map(documents.map(document => [document._id, document]));
  return ids.map(userId => {
    const own = devices.get(userId);
    const { secrets: _, ...ring } = ringOf(
      own ? (rings.get(userId) ?? null) : null,
      (own ?? []).map(({ id }) => id),
    );
    const seen = (own ?? []).map(({ id, lastSeen }): [DeviceId, number] => [id, lastSeen]);
    return {
      userId,
      ring: { ...ring, devices: ring.devices.toSorted((one, other) => (one.id < other.id ? -1 : 1)) },
      seen: new Map(seen.filter(([id]) => ring.devices.some(device => device.id === id))),
    };
  });
}

export const keyringVerbs: Unbound<Pick<KeyStore, 'changeKeyring' | 'keyrings' | 'secretsOf'>> = {
  changeKeyring,
  keyrings,
  secretsOf: async ({ keyrings: all }, userId) =>
    perhaps((await all.findById(userId, 'secrets').lean())?.secrets ?? null),
};
