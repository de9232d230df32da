import { media } from '#protocol/call-frames';
import { END_REASONS } from '#protocol/end-reason';
import type { CallId, ConversationId, DeviceId, UserId } from '#protocol/ids';
import { CALL_STATES, liveFor, mayBecome } from '../call-parties.ts';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { column, columns, flag, idText, integer, maybe, nullable, oneOf } from './columns.ts';
import { isTaken, type Database, type Row } from './database.ts';
import type { CallParty, CallRecord, CallRow } from '../calls.ts';
import type { BadCursor, StorePage } from '../page.ts';

const factsRow = columns<Omit<CallRow, 'parties'>>({
  callId: idText,
  position: integer,
  media: oneOf(media.options),
  conversationId: nullable<ConversationId>(idText),
  state: oneOf(CALL_STATES),
  at: integer,
});

const partyRow = columns<CallParty>({
  userId: idText,
  deviceId: nullable<DeviceId>(idText),
  joinedAt: nullable(integer),
  leftAt: nullable(integer),
  reason: nullable(oneOf(END_REASONS)),
  withheld: flag,
});

/** A row of `call` with the lines of its people. */
export function callRow(db: Database, row: Row): CallRow {
  const facts = factsRow(row);
  const parties = db.all`SELECT * FROM callParty WHERE position = ${facts.position} ORDER BY number`;
  return { ...facts, parties: parties.map(partyRow) };
}

const call = (db: Database, callId: CallId): CallRow | null =>
  maybe(db.get`SELECT * FROM call WHERE callId = ${callId}`, row => callRow(db, row));

function callsOf(
  db: Database,
  userId: UserId,
  cursor: string | undefined,
  limit: number,
): StorePage<CallRow> | BadCursor {
  const behind = readCursor('calls', ['number'], cursor, [Number.MAX_SAFE_INTEGER]);
  if (!behind) return 'bad-cursor';
  const most = bounded(limit);
  const rows = db.all`
    SELECT call.* FROM callParty JOIN call USING (position)
    WHERE userId = ${userId} AND position < ${behind[0]} AND (reason IS NOT NULL OR withheld = 0)
    ORDER BY position DESC LIMIT ${most + 1}`;
  return pageOf(
    rows.map(row => callRow(db, row)),
    most,
    row => row,
    last => writeCursor('calls', [last.position]),
  );
}

const seenColumn = column('seen', integer);
const callsSeen = (db: Database, userId: UserId): { seen: number; missed: number } =>
  maybe(
    db.get`
      SELECT callsSeen AS seen, (
        SELECT count(*) FROM callParty WHERE userId = user.id AND position > callsSeen
          AND joinedAt IS NULL AND reason IN ('missed', 'cancelled')) AS missed
      FROM user WHERE id = ${userId}`,
    columns<{ seen: number; missed: number }>({ seen: integer, missed: integer }),
  ) ?? { seen: 0, missed: 0 };

export const callReads = {
  call,
  callsOf,
  callsSeen,
  liveCalls: (db: Database): CallRow[] =>
    db.all`SELECT * FROM call WHERE position IN (SELECT position FROM liveCall) ORDER BY position`.map(row =>
      callRow(db, row),
    ),
};

const fenceColumn = column('fence', integer);
const fenceOf = (db: Database): number => fenceColumn(db.get`SELECT fence FROM callFence` ?? {});

/** One file has one writer, so the number alone decides: a call needs no stamp of its own. */
function takeOverCalls(db: Database): { fence: number; calls: CallRow[] } {
  db.run`UPDATE callFence SET fence = fence + 1`;
  return { fence: fenceOf(db), calls: callReads.liveCalls(db) };
}

function recordCall(db: Database, record: CallRecord, fence?: number): 'recorded' | 'refused' | 'outranked' {
  if (fence !== undefined && fence < fenceOf(db)) return 'outranked';
  const known = call(db, record.callId);
  if (known && !mayBecome(known, record)) return 'refused';
  try {
    db.savepoint(() => write(db, known, record));
    return 'recorded';
  } catch (error) {
    // Another live call holds a seat, or the ring, of one of its people (S14).
    if (isTaken(error)) return 'refused';
    throw error;
  }
}

const positionColumn = column('position', integer);

function write(db: Database, known: CallRow | null, record: CallRecord): void {
  const { callId, media: kind, conversationId, state, at, parties } = record;
  const inserted = db.get`
    INSERT INTO call (callId, media, conversationId, state, at)
    VALUES (${callId}, ${kind}, ${conversationId}, ${state}, ${at})
    ON CONFLICT (callId) DO UPDATE SET state = excluded.state RETURNING position`;
  const position = known?.position ?? positionColumn(inserted ?? {});
  writeParties(db, position, parties);
  db.run`DELETE FROM liveCall WHERE position = ${position}`;
  if (state === 'ended') return;
  const hasSeat = (user: UserId) => db.has`SELECT 1 FROM liveCall WHERE user = ${user} AND slot = 'first'`;
  for (const [user, slot] of liveFor(record, hasSeat)) {
    db.run`INSERT INTO liveCall (user, slot, position) VALUES (${user}, ${slot}, ${position})`;
  }
}

/** The lines of a call's people, in place of those that it has. */
export function writeParties(db: Database, position: number, parties: readonly CallParty[]): void {
  for (const [number, { userId, deviceId, joinedAt, leftAt, reason, withheld }] of parties.entries()) {
    db.run`
      INSERT INTO callParty (position, number, userId, deviceId, joinedAt, leftAt, reason, withheld)
      VALUES (${position}, ${number}, ${userId}, ${deviceId}, ${joinedAt}, ${leftAt}, ${reason}, ${Number(withheld)})
      ON CONFLICT (position, number) DO UPDATE SET userId = excluded.userId, deviceId = excluded.deviceId,
        joinedAt = excluded.joinedAt, leftAt = excluded.leftAt, reason = excluded.reason, withheld = excluded.withheld`;
  }
}

function markCallsSeen(db: Database, userId: UserId, upTo: number): number {
  db.run`
    UPDATE user SET callsSeen = max(callsSeen, min(${upTo}, (
      SELECT coalesce(max(position), 0) FROM callParty WHERE userId = ${userId})))
    WHERE id = ${userId}`;
  return maybe(db.get`SELECT callsSeen AS seen FROM user WHERE id = ${userId}`, seenColumn) ?? 0;
}

export const callWrites = { recordCall, takeOverCalls, markCallsSeen };
