import { media } from '#protocol/call-frames';
import { END_REASONS } from '#protocol/end-reason';
import type { CallId, DeviceId, UserId } from '#protocol/ids';
import { bounded, pageOf, readCursor, writeCursor } from '../cursor.ts';
import { column, columns, idText, integer, maybe, nullable, oneOf } from './columns.ts';
import { liveFor } from '../live-for.ts';
import { isTaken, type Database } from './database.ts';
import type { CallRecord, CallRow, LiveCallRow } from '../calls.ts';
import type { BadCursor, StorePage } from '../page.ts';

const STATES = ['ringing', 'active', 'ended'] as const;
const reason = nullable(oneOf(END_REASONS));

export const callRow = columns<CallRow>({
  callId: idText,
  position: integer,
  media: oneOf(media.options),
  callerId: idText,
  callerDevice: idText,
  calleeId: idText,
  calleeDevice: nullable<DeviceId>(idText),
  state: oneOf(STATES),
  at: integer,
  answeredAt: nullable(integer),
  endedAt: nullable(integer),
  callerReason: reason,
  calleeReason: reason,
});

const call = (db: Database, callId: CallId): CallRow | null =>
  maybe(db.get`SELECT * FROM call WHERE callId = ${callId}`, callRow);

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
    SELECT * FROM call WHERE callerId = ${userId} AND position < ${behind[0]}
    UNION ALL
    SELECT * FROM call WHERE calleeId = ${userId} AND position < ${behind[0]} AND (calleeReason IS NOT NULL
      OR EXISTS (SELECT 1 FROM liveCall WHERE user = calleeId AND liveCall.position = call.position))
    ORDER BY position DESC LIMIT ${most + 1}`;
  return pageOf(
    rows.map(callRow),
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
        SELECT count(*) FROM call WHERE calleeId = user.id AND position > callsSeen
          AND answeredAt IS NULL AND calleeReason IN ('missed', 'cancelled')) AS missed
      FROM user WHERE id = ${userId}`,
    columns<{ seen: number; missed: number }>({ seen: integer, missed: integer }),
  ) ?? { seen: 0, missed: 0 };

/** A call that has not ended, with whether it rings for its caller alone. */
export const liveCallRow = (db: Database, row: CallRow): LiveCallRow => ({
  ...row,
  withheld: !db.has`SELECT 1 FROM liveCall WHERE user = ${row.calleeId} AND position = ${row.position}`,
});

export const callReads = {
  call,
  callsOf,
  callsSeen,
  liveCalls: (db: Database): LiveCallRow[] =>
    db.all`SELECT * FROM call WHERE position IN (SELECT position FROM liveCall) ORDER BY position`.map(row =>
      liveCallRow(db, callRow(row)),
    ),
};

const fenceColumn = column('fence', integer);
const fenceOf = (db: Database): number => fenceColumn(db.get`SELECT fence FROM callFence` ?? {});

/** One file has one writer, so the number alone decides: a call needs no stamp of its own. */
function takeOverCalls(db: Database): { fence: number; calls: LiveCallRow[] } {
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
    // Another live call holds a seat, or the ring, of the caller or the callee (S14).
    if (isTaken(error)) return 'refused';
    throw error;
  }
}

function write(db: Database, known: CallRow | null, record: CallRecord): void {
  const position = known ? update(db, known, record) : insert(db, record);
  db.run`DELETE FROM liveCall WHERE position = ${position}`;
  if (record.state === 'ended') return;
  const hasSeat = (user: UserId) => db.has`SELECT 1 FROM liveCall WHERE user = ${user} AND slot = 'first'`;
  for (const [user, slot] of liveFor(record, hasSeat)) {
    db.run`INSERT INTO liveCall (user, slot, position) VALUES (${user}, ${slot}, ${position})`;
  }
}

/** A call goes from ringing to active to ended, never back, and its two people stay the same. */
const mayBecome = (known: CallRow, next: CallRecord): boolean =>
  known.state !== 'ended' &&
  known.callerId === next.callerId &&
  known.calleeId === next.calleeId &&
  STATES.indexOf(next.state) >= STATES.indexOf(known.state);

const positionColumn = column('position', integer);

function insert(db: Database, r: CallRecord): number {
  const row = db.get`
    INSERT INTO call (callId, media, callerId, callerDevice, calleeId, calleeDevice, state, at, answeredAt, endedAt,
      callerReason, calleeReason)
    VALUES (${r.callId}, ${r.media}, ${r.callerId}, ${r.callerDevice}, ${r.calleeId}, ${r.calleeDevice}, ${r.state},
      ${r.at}, ${r.answeredAt}, ${r.endedAt}, ${r.callerReason}, ${r.calleeReason})
    RETURNING position`;
  return positionColumn(row ?? {});
}

function update(db: Database, { position }: CallRow, r: CallRecord): number {
  db.run`
    UPDATE call SET calleeDevice = ${r.calleeDevice}, state = ${r.state}, answeredAt = ${r.answeredAt},
      endedAt = ${r.endedAt}, callerReason = ${r.callerReason}, calleeReason = ${r.calleeReason}
    WHERE position = ${position}`;
  return position;
}

function markCallsSeen(db: Database, userId: UserId, upTo: number): number {
  db.run`
    UPDATE user SET callsSeen = max(callsSeen, min(${upTo}, (
      SELECT coalesce(max(position), 0) FROM call WHERE callerId = ${userId} OR calleeId = ${userId})))
    WHERE id = ${userId}`;
  return maybe(db.get`SELECT callsSeen AS seen FROM user WHERE id = ${userId}`, seenColumn) ?? 0;
}

export const callWrites = { recordCall, takeOverCalls, markCallsSeen };
