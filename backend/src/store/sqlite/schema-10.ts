/**
 * The log has a line for each person of a call: calls of two people become two. `directConversation` is defined by
 * `migrate`. A person of a call need not be a user.
 */
export const SCHEMA_10 = `
DROP INDEX callByCaller;
DROP INDEX callByCallee;
ALTER TABLE call RENAME TO callBefore;
CREATE TABLE call (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  callId TEXT NOT NULL UNIQUE,
  media TEXT NOT NULL CHECK (media IN ('audio', 'video')),
  conversationId TEXT,
  state TEXT NOT NULL CHECK (state IN ('ringing', 'active', 'ended')),
  at INTEGER NOT NULL
) STRICT;
INSERT INTO call SELECT position, callId, media, directConversation(callerId, calleeId), state, at FROM callBefore;
-- Positions of calls that are gone are not given again: marks count by them.
DELETE FROM sqlite_sequence WHERE name = 'call';
INSERT INTO sqlite_sequence (name, seq) SELECT 'call', seq FROM sqlite_sequence WHERE name = 'callBefore';

-- number 0 is who placed the call. leftAt and reason are there together.
CREATE TABLE callParty (
  position INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  userId TEXT NOT NULL,
  deviceId TEXT,
  joinedAt INTEGER,
  leftAt INTEGER,
  reason TEXT,
  withheld INTEGER NOT NULL CHECK (withheld IN (0, 1)),
  PRIMARY KEY (position, number),
  CHECK ((leftAt IS NULL) = (reason IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO callParty
  SELECT position, 0, callerId, callerDevice, at, iif(callerReason IS NULL, NULL, coalesce(endedAt, at)), callerReason, 0
  FROM callBefore;
INSERT INTO callParty
  SELECT position, 1, calleeId, calleeDevice, answeredAt, iif(calleeReason IS NULL, NULL, coalesce(endedAt, at)), calleeReason,
    iif(state = 'ended', calleeReason IS NULL,
      NOT EXISTS (SELECT 1 FROM liveCall WHERE user = calleeId AND liveCall.position = callBefore.position))
  FROM callBefore;
CREATE INDEX callPartyByUser ON callParty (userId, position);

DROP INDEX liveCallByCall;
ALTER TABLE liveCall RENAME TO liveCallBefore;
CREATE TABLE liveCall (
  user TEXT NOT NULL REFERENCES user,
  slot TEXT NOT NULL,
  position INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,
  PRIMARY KEY (user, slot)
) STRICT, WITHOUT ROWID;
INSERT INTO liveCall (user, slot, position) SELECT user, slot, position FROM liveCallBefore;
CREATE INDEX liveCallByCall ON liveCall (position);
DROP TABLE liveCallBefore;
DROP TABLE callBefore;
`;
