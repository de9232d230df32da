import { ONE_TIME_KEYS_KEPT } from '#protocol/keys/limits';
import { ONE_TIME_ALGORITHM, type OneTimeKey } from '#protocol/keys/objects';
import { placeOf } from '../../keys/keyring.ts';
import type { MongoBase, Unbound } from './base.ts';
import { isDuplicate } from './faults.ts';
import { lastInboxNumber } from './inboxes.ts';
import { lastKeyChange } from './key-changes.ts';
import { thereAmong } from './keyrings.ts';
import { CONTENDED, untilAlone } from './turns.ts';
import type { Claim, Claimed, KeyStore } from '../keys.ts';

type Verbs = Unbound<Pick<KeyStore, 'putOneTimeKeys' | 'claimKeys' | 'keyState' | 'keyCounts'>>;

/** So many claims are made at once. */
const AT_ONCE = 20;

const unclaimed = ({ oneTimeKeys }: MongoBase, place: string): Promise<number> =>
  oneTimeKeys.countDocuments({ place, claimedAt: null });

const putOneTimeKeys: Verbs['putOneTimeKeys'] = async (base, of, { one_time_keys, fallback_keys }, at) => {
  const place = placeOf(of.userId, of.deviceId);
  // It may have gone a moment ago.
  if (!(await thereAmong(base, [of])).has(place)) return 0;
  const keys = Object.entries(one_time_keys ?? {}).map(([name, key]) => ({ name, key: JSON.stringify(key) }));
  const names = keys.map(({ name }) => `${place} ${name}`);
  const known = await base.oneTimeKeys.find({ _id: { $in: names } }, 'name key claimedAt').lean();
  const isKnown = ({ name, key }: { name: string; key: string }) =>
    known.some(one => one.name === name && one.key === key);
  const fresh = keys.filter(one => !isKnown(one));
  const replaced = known.filter(one => one.claimedAt === null && fresh.some(({ name }) => name === one.name));
  const count = (await unclaimed(base, place)) + fresh.length - replaced.length;
  if (count > ONE_TIME_KEYS_KEPT) return 'no-room';
  for (const [i, { name, key }] of fresh.entries()) await putOne(base, place, { name, key, order: at * 1_000 + i });
  for (const [name, key] of Object.entries(fallback_keys ?? {}))
    await putFallback(base, place, name, JSON.stringify(key));
  return unclaimed(base, place);
};

/** A name that is known with another key takes this one; the same again, which may come late, stays as claimed as it is. */
function putOne(
  { oneTimeKeys }: MongoBase,
  place: string,
  { name, key, order }: { name: string; key: string; order: number },
): Promise<void> {
  const _id = `${place} ${name}`;
  return putUnlessSame(
    () =>
      oneTimeKeys.updateOne({ _id, key: { $ne: key } }, { $set: { place, name, key, order, claimedAt: null } }, UPSERT),
    () => oneTimeKeys.exists({ _id, key }),
  );
}

/** The same one again stays as used as it is. */
function putFallback({ fallbackKeys }: MongoBase, _id: string, name: string, key: string): Promise<void> {
  const other = { _id, $or: [{ name: { $ne: name } }, { key: { $ne: key } }] };
  return putUnlessSame(
    () => fallbackKeys.updateOne(other, { $set: { name, key, used: false } }, UPSERT),
    () => fallbackKeys.exists({ _id, name, key }),
  );
}

const UPSERT = { upsert: true };

/** @param put an upsert that finds a document unless it is the same; its id is refused where it is, or where another comes first */
const putUnlessSame = (put: () => Promise<unknown>, isSame: () => Promise<unknown>): Promise<void> =>
  untilAlone(async () => {
    try {
      await put();
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return (await isSame()) === null ? CONTENDED : undefined;
    }
    return undefined;
  });

const read = (key: string): OneTimeKey => JSON.parse(key) as OneTimeKey;

async function claimOne(base: MongoBase, { userId, deviceId, oneTime }: Claim, at: number): Promise<Claimed> {
  const place = placeOf(userId, deviceId);
  const options = { sort: { order: 1 }, returnDocument: 'after' } as const;
  const given = oneTime
    ? await base.oneTimeKeys.findOneAndUpdate({ place, claimedAt: null }, { $set: { claimedAt: at } }, options).lean()
    : null;
  if (given) return { name: given.name, key: read(given.key), isFallback: false };
  const fallback = await base.fallbackKeys.findByIdAndUpdate(place, { $set: { used: true } }).lean();
  return fallback && { name: fallback.name, key: read(fallback.key), isFallback: true };
}

const claimKeys: Verbs['claimKeys'] = async (base, claims, at) => {
  const claimed: Claimed[] = [];
  for (let i = 0; i < claims.length; i += AT_ONCE)
    claimed.push(...(await Promise.all(claims.slice(i, i + AT_ONCE).map(claim => claimOne(base, claim, at)))));
  return claimed;
};

const keyCounts: Verbs['keyCounts'] = async (base, of) => {
  const places = of.map(({ userId, deviceId }) => placeOf(userId, deviceId));
  const [counts, unused] = await Promise.all([
    base.oneTimeKeys.aggregate<{ _id: string; oneTime: number }>([
      { $match: { place: { $in: places }, claimedAt: null } },
      { $group: { _id: '$place', oneTime: { $sum: 1 } } },
    ]),
    base.fallbackKeys.find({ _id: { $in: places }, used: false }, '_id').lean(),
  ]);
  const oneTime = new Map(counts.map(count => [count._id, count.oneTime]));
  const isUnused = new Set(unused.map(({ _id }) => _id));
  return places.map(place => ({
    oneTime: oneTime.get(place) ?? 0,
    unusedFallback: isUnused.has(place) ? [ONE_TIME_ALGORITHM] : [],
  }));
};

export const oneTimeKeyVerbs: Verbs = {
  putOneTimeKeys,
  claimKeys,
  keyCounts,
  keyState: async (base, { userId, deviceId }) => {
    const place = placeOf(userId, deviceId);
    const [[counts], changes, inbox] = await Promise.all([
      keyCounts(base, [{ userId, deviceId }]),
      lastKeyChange(base, userId),
      lastInboxNumber(base, place),
    ]);
    return { oneTime: 0, unusedFallback: [], ...counts, changes, inbox };
  },
};
