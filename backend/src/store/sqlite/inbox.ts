import type { DeviceId } from '#protocol/ids';
import { CLAIMED_KNOWN_MS, TO_DEVICE_KNOWN_MS } from '#protocol/keys/limits';
import { keyUserOf, type KeyUser } from '#protocol/keys/objects';
import { placeOf } from '../../keys/keyring.ts';
import { hasRoom, type InboxLoad } from '../../keys/inbox-load.ts';
import type { InboxRow, KeyAddress, Page, Sent, ToDeviceSend } from '../keys.ts';
import { column, columns, integer, maybe, nullable, text } from './columns.ts';
import type { Database } from './database.ts';
import { isThere } from './keyring.ts';
import { withinBytes } from '../within-bytes.ts';

const waitingColumn = column('waiting', nullable(text));
const loadColumns = columns<InboxLoad>({ rows: integer, bytes: integer, all: integer });
const inboxColumns = columns<{ head: number; confirmed: number }>({ head: integer, confirmed: integer });
const NO_INBOX = { head: 0, confirmed: 0 };

const inboxOf = (db: Database, place: string): { head: number; confirmed: number } =>
  maybe(db.get`SELECT head, confirmed FROM inbox WHERE place = ${place}`, inboxColumns) ?? NO_INBOX;

/** Numbers have no gap, and what is confirmed is gone: so many rows there are, without counting those of other senders. */
const loadOf = (db: Database, place: string, sender: KeyUser): InboxLoad =>
  loadColumns(
    db.get`SELECT count(*) AS rows, ifnull(sum(bytes), 0) AS bytes,
      ifnull((SELECT head - confirmed FROM inbox WHERE place = ${place}), 0) AS "all"
      FROM inboxRow WHERE place = ${place} AND sender = ${sender}` ?? {},
  );

function sendToDevice(db: Database, { from, txn, type, events, at }: ToDeviceSend): Sent {
  const device: DeviceId = from.deviceId;
  const known = db.get`SELECT waiting FROM toDevice WHERE device = ${device} AND txn = ${txn}`;
  const left = known && waitingColumn(known);
  if (known && left === null) return { given: [], full: [] };
  const waits = left ? (JSON.parse(left) as string[]) : undefined;
  const sender = keyUserOf(from.userId);
  const sent: Sent = { given: [], full: [] };
  for (const { userId, deviceId, content } of events) {
    const place = placeOf(userId, deviceId);
    const to = { userId, deviceId };
    if ((waits && !waits.includes(place)) || !isThere(db, to)) continue;
    const bytes = Buffer.byteLength(content);
    if (!hasRoom(loadOf(db, place, sender), bytes)) {
      sent.full.push(to);
      continue;
    }
    const number = inboxOf(db, place).head + 1;
    db.run`INSERT INTO inbox (place, head, confirmed) VALUES (${place}, ${number}, 0)
      ON CONFLICT (place) DO UPDATE SET head = excluded.head`;
    db.run`INSERT INTO inboxRow (place, number, sender, type, content, bytes)
      VALUES (${place}, ${number}, ${sender}, ${type}, ${content}, ${bytes})`;
    sent.given.push({ ...to, number });
  }
  const waiting = sent.full.map(to => placeOf(to.userId, to.deviceId));
  db.run`INSERT INTO toDevice (device, txn, at, waiting)
    VALUES (${device}, ${txn}, ${at}, ${waiting.length > 0 ? JSON.stringify(waiting) : null})
    ON CONFLICT (device, txn) DO UPDATE SET waiting = excluded.waiting`;
  return sent;
}

const rowColumns = columns<InboxRow & { bytes: number }>({
  number: integer,
  sender: value => text(value) as KeyUser,
  type: text,
  content: text,
  bytes: integer,
});

function inboxRows(db: Database, of: KeyAddress, after: number, page: Page): { rows: InboxRow[]; head: number } {
  const place = placeOf(of.userId, of.deviceId);
  const found = db.each`SELECT number, sender, type, content, bytes FROM inboxRow
    WHERE place = ${place} AND number > ${after} ORDER BY number LIMIT ${page.limit}`;
  const rows = withinBytes(found, rowColumns, page.bytes).map(({ bytes: _, ...row }) => row);
  return { rows, head: inboxOf(db, place).head };
}

function confirmInbox(db: Database, of: KeyAddress, upTo: number): void {
  const place = placeOf(of.userId, of.deviceId);
  db.run`DELETE FROM inboxRow WHERE place = ${place} AND number <= ${upTo}`;
  db.run`UPDATE inbox SET confirmed = max(confirmed, min(head, ${upTo})) WHERE place = ${place}`;
}

function sweepKeys(db: Database, now: number): void {
  db.run`DELETE FROM toDevice WHERE at <= ${now - TO_DEVICE_KNOWN_MS}`;
  db.run`DELETE FROM oneTimeKey WHERE claimedAt <= ${now - CLAIMED_KNOWN_MS}`;
}

export const inboxReads = { inboxRows };
export const inboxWrites = { sendToDevice, confirmInbox, sweepKeys };
