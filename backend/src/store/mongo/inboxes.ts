import { CLAIMED_KNOWN_MS, TO_DEVICE_KNOWN_MS } from '#protocol/keys/limits';
import { keyUserOf, type KeyUser } from '#protocol/keys/objects';
import { hasRoom, type InboxLoad } from '../../keys/inbox-load.ts';
import { placeOf } from '../../keys/keyring.ts';
import { sweepBatches } from './backups.ts';
import { SETTLED_MS, type MongoBase, type Unbound } from './base.ts';
import type { InboxRowDocument, ToDeviceDocument } from './documents.ts';
import { isDuplicate } from './faults.ts';
import { sweepChanges } from './key-changes.ts';
import { thereAmong } from './keyrings.ts';
import { CONTENDED, untilAlone } from './turns.ts';
import type { KeyAddress, KeyStore, Sent, ToDeviceSend } from '../keys.ts';

type Verbs = Unbound<Pick<KeyStore, 'sendToDevice' | 'inboxRows' | 'confirmInbox' | 'sweepKeys'>>;

/** So many rows are read and taken away at once. */
const SWEPT_AT_ONCE = 1_000;

/**
 * The number behind which the next row comes: of the last row, or of the last one that was confirmed and has gone since.
 * Rows are read first: what is gone by then was confirmed before.
 */
async function lastNumbers(base: MongoBase, places: readonly string[]): Promise<Map<string, number>> {
  const rows = await base.inboxRows
    .aggregate<{ _id: string; last: number }>([
      { $match: { place: { $in: [...places] } } },
      { $group: { _id: '$place', last: { $max: '$number' } } },
    ])
    .read('primary');
  const inboxes = await base.inboxes
    .find({ _id: { $in: [...places] } })
    .readConcern('local')
    .lean();
  const last = new Map(inboxes.map(({ _id, confirmed }) => [_id, confirmed]));
  for (const { _id, last: number } of rows) last.set(_id, Math.max(last.get(_id) ?? 0, number));
  return last;
}

export const lastInboxNumber = async (base: MongoBase, place: string): Promise<number> =>
  (await lastNumbers(base, [place])).get(place) ?? 0;

/** What one person has sent to these places and was not confirmed; read from the index alone. */
async function sharesOf(
  base: MongoBase,
  places: readonly string[],
  sender: KeyUser,
): Promise<Map<string, Omit<InboxLoad, 'all'>>> {
  const shares = await base.inboxRows.aggregate<Omit<InboxLoad, 'all'> & { _id: string }>([
    { $match: { place: { $in: [...places] }, sender, confirmedAt: null } },
    { $group: { _id: '$place', rows: { $sum: 1 }, bytes: { $sum: '$bytes' } } },
  ]);
  return new Map(shares.map(({ _id, ...share }) => [_id, share]));
}

type Event = ToDeviceSend['events'][number] & { place: string; bytes: number };
const NOTHING = { rows: 0, bytes: 0 };

/**
 * The request is written first with all that wait for it, then each event at the next number of its inbox, then who still
 * waits. A row is known by its place and the request, and outlives its confirmation while the request is not done: however
 * often it is repeated, by whichever process, each inbox gets its event once.
 */
async function sendToDevice(base: MongoBase, send: ToDeviceSend): Promise<Sent> {
  const { from, txn, at } = send;
  const _id = `${from.deviceId} ${txn}`;
  const events = send.events.map((event): Event => {
    const place = placeOf(event.userId, event.deviceId);
    return { ...event, place, bytes: Buffer.byteLength(event.content) };
  });
  const { waiting, isNew } = await begun(base, {
    _id,
    device: from.deviceId,
    at,
    waiting: events.map(({ place }) => place),
  });
  if (waiting === null) return { given: [], full: [] };
  const there = await thereAmong(base, events);
  const waits = events.filter(({ place }) => waiting.includes(place) && there.has(place));
  const due = isNew ? waits : await withoutGiven(base, _id, waits);
  const isFull = await fullAmong(base, due, keyUserOf(from.userId));
  const given = await insertEach(
    base,
    send,
    _id,
    due.filter(event => !isFull(event)),
  );
  const full = due.filter(isFull);
  const left = full.length > 0 ? full.map(({ place }) => place) : null;
  await base.toDevice.updateOne({ _id }, { $set: { waiting: left } });
  return { given, full: full.map(({ userId, deviceId }) => ({ userId, deviceId })) };
}

/** Which inboxes have no room for theirs. What others send at the same moment is not counted: it is a bound, not a promise. */
async function fullAmong(
  base: MongoBase,
  events: readonly Event[],
  sender: KeyUser,
): Promise<(event: Event) => boolean> {
  const places = events.map(({ place }) => place);
  const [shares, last, confirmed] = await Promise.all([
    sharesOf(base, places, sender),
    lastNumbers(base, places),
    base.inboxes.find({ _id: { $in: places } }).lean(),
  ]);
  const firstOf = new Map(confirmed.map(({ _id, confirmed: upTo }) => [_id, upTo]));
  return ({ place, bytes }) => {
    const all = (last.get(place) ?? 0) - (firstOf.get(place) ?? 0);
    return !hasRoom({ ...(shares.get(place) ?? NOTHING), all }, bytes);
  };
}

/** Writes the request, or finds it; answers with which places still wait for theirs, null where none does. */
async function begun(
  { toDevice }: MongoBase,
  request: ToDeviceDocument,
): Promise<{ waiting: string[] | null; isNew: boolean }> {
  try {
    await toDevice.insertOne(request);
    return { waiting: request.waiting, isNew: true };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const known = await toDevice.findById(request._id).readConcern('local').lean();
    return { waiting: known?.waiting ?? null, isNew: false };
  }
}

async function withoutGiven({ inboxRows }: MongoBase, request: string, events: readonly Event[]): Promise<Event[]> {
  const ids = events.map(({ place }) => `${place} ${request}`);
  const found = await inboxRows
    .find({ _id: { $in: ids } }, 'place')
    .readConcern('local')
    .lean();
  return events.filter(({ place }) => !found.some(row => row.place === place));
}

async function insertEach(
  base: MongoBase,
  { from, type }: ToDeviceSend,
  request: string,
  events: readonly Event[],
): Promise<Sent['given']> {
  const given: Sent['given'] = [];
  let left = [...events];
  await untilAlone(async () => {
    const last = await lastNumbers(
      base,
      left.map(({ place }) => place),
    );
    const later: Event[] = [];
    for (const event of left) {
      const { place, userId, deviceId, content, bytes } = event;
      const number = (last.get(place) ?? 0) + 1;
      const row = { _id: `${place} ${request}`, place, number, request, sender: keyUserOf(from.userId), type };
      if (await isInserted(base, { ...row, content, bytes, confirmedAt: null }))
        given.push({ userId, deviceId, number });
      else later.push(event);
    }
    // Of those that were not written some may have been by another process, for the same request.
    left = later.length > 0 ? await withoutGiven(base, request, later) : [];
    return left.length > 0 ? CONTENDED : undefined;
  });
  return given;
}

async function isInserted({ inboxRows }: MongoBase, row: InboxRowDocument): Promise<boolean> {
  try {
    await inboxRows.insertOne(row);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

const inboxRows: Verbs['inboxRows'] = async (base, of, after, page) => {
  const place = placeOf(of.userId, of.deviceId);
  const rows: { number: number; sender: KeyUser; type: string; content: string }[] = [];
  let taken = 0;
  const found = base.inboxRows.find({ place, number: { $gt: after }, confirmedAt: null }).sort({ number: 1 });
  for await (const { number, sender, type, content = '', bytes } of found.limit(page.limit).lean().cursor()) {
    taken += bytes;
    if (taken > page.bytes && rows.length > 0) break;
    rows.push({ number, sender, type, content });
  }
  return { rows, head: await lastInboxNumber(base, place) };
};

/** What is confirmed is said before anything goes, so that no number is ever given twice. */
const confirmInbox: Verbs['confirmInbox'] = async (base, of: KeyAddress, upTo) => {
  const place = placeOf(of.userId, of.deviceId);
  const confirmed = Math.min(upTo, await lastInboxNumber(base, place));
  if (confirmed === 0) return;
  await base.inboxes.updateOne({ _id: place }, { $max: { confirmed } }, { upsert: true });
  await base.inboxRows.updateMany(
    { place, number: { $lte: confirmed }, confirmedAt: null },
    { $set: { confirmedAt: base.now() }, $unset: { content: 1 } },
  );
};

/** Rows that were confirmed and whose request is done, or forgotten. */
async function sweepRows(base: MongoBase, now: number): Promise<void> {
  const settled = { confirmedAt: { $gt: 0, $lte: now - SETTLED_MS } };
  let rows: Swept[] = [];
  for await (const row of base.inboxRows.find(settled, 'request').lean<Swept>().cursor({ batchSize: SWEPT_AT_ONCE })) {
    rows.push(row);
    if (rows.length < SWEPT_AT_ONCE) continue;
    await sweepSome(base, rows);
    rows = [];
  }
  await sweepSome(base, rows);
}

type Swept = Pick<InboxRowDocument, '_id' | 'request'>;

async function sweepSome(base: MongoBase, rows: readonly Swept[]): Promise<void> {
  const requests = [...new Set(rows.map(({ request }) => request))];
  const open = await base.toDevice.find({ _id: { $in: requests }, waiting: { $ne: null } }, '_id').lean();
  const isOpen = new Set(open.map(({ _id }) => _id));
  const ids = rows.flatMap(({ _id, request }) => (isOpen.has(request) ? [] : [_id]));
  await base.inboxRows.deleteMany({ _id: { $in: ids } });
}

export const inboxVerbs: Verbs = {
  sendToDevice,
  inboxRows,
  confirmInbox,
  sweepKeys: async (base, now) => {
    await base.toDevice.deleteMany({ at: { $lte: now - TO_DEVICE_KNOWN_MS } });
    await base.oneTimeKeys.deleteMany({ claimedAt: { $gt: 0, $lte: now - CLAIMED_KNOWN_MS } });
    await sweepRows(base, now);
    await sweepChanges(base);
    await sweepBatches(base);
  },
};
