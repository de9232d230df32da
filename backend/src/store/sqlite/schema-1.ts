/**
 * The first tables. Columns are named like the properties they become. Times are ms since the epoch, ids are UUIDs in
 * lower case.
 */
export const SCHEMA_1 = `
CREATE TABLE installation (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  epoch TEXT NOT NULL,
  createdAt INTEGER NOT NULL
) STRICT;

-- A deleted account is a row without a username: its id stays for the messages it wrote.
CREATE TABLE user (
  id TEXT PRIMARY KEY NOT NULL,
  username TEXT UNIQUE,
  displayName TEXT NOT NULL,
  passwordHash TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  settings TEXT NOT NULL,
  callsSeen INTEGER NOT NULL DEFAULT 0,
  createdAt INTEGER NOT NULL
) STRICT;

CREATE TABLE avatar (
  user TEXT PRIMARY KEY NOT NULL REFERENCES user,
  version TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE VIEW account AS
  SELECT user.*, avatar.version AS avatar FROM user LEFT JOIN avatar ON avatar.user = user.id;

-- What a display name is found by.
CREATE TABLE nameKey (
  key TEXT NOT NULL,
  user TEXT NOT NULL REFERENCES user,
  PRIMARY KEY (key, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX nameKeyByUser ON nameKey (user);

CREATE TABLE device (
  id TEXT PRIMARY KEY NOT NULL,
  userId TEXT NOT NULL REFERENCES user,
  name TEXT NOT NULL,
  secretHash TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  lastSeen INTEGER NOT NULL,
  signedInAt INTEGER NOT NULL,
  refreshedAt INTEGER NOT NULL
) STRICT;
CREATE INDEX deviceByUser ON device (userId);

-- A device's tokens are one family. supersededAt is when the next generation was first used.
CREATE TABLE refreshToken (
  hash TEXT PRIMARY KEY NOT NULL,
  device TEXT NOT NULL REFERENCES device ON DELETE CASCADE,
  gen INTEGER NOT NULL CHECK (gen > 0),
  supersededAt INTEGER,
  UNIQUE (device, gen)
) STRICT;

-- One relation a pair, a < b. Without requestedBy it is accepted. A hidden request was made to somebody who had blocked
-- the one who asks.
CREATE TABLE contact (
  a TEXT NOT NULL REFERENCES user,
  b TEXT NOT NULL REFERENCES user,
  requestedBy TEXT CHECK (requestedBy IN (a, b)),
  hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
  since INTEGER NOT NULL,
  PRIMARY KEY (a, b),
  CHECK (a < b)
) STRICT, WITHOUT ROWID;
CREATE INDEX contactByB ON contact (b);

-- received and read are the blocker's marks as they were: the other sees these from then on.
CREATE TABLE block (
  blocker TEXT NOT NULL REFERENCES user,
  blocked TEXT NOT NULL REFERENCES user,
  at INTEGER NOT NULL,
  received INTEGER NOT NULL,
  read INTEGER NOT NULL,
  PRIMARY KEY (blocker, blocked),
  CHECK (blocker <> blocked)
) STRICT, WITHOUT ROWID;
CREATE INDEX blockByBlocked ON block (blocked);

-- Relations and lone blocks as one of the two sees them.
CREATE VIEW edge AS
  SELECT a AS me, b AS them, requestedBy IS NULL AS accepted, requestedBy, hidden, since FROM contact
  UNION ALL
  SELECT b, a, requestedBy IS NULL, requestedBy, hidden, since FROM contact
  UNION ALL
  SELECT blocker, blocked, 0, NULL, 0, at FROM block
  WHERE NOT EXISTS (SELECT 1 FROM contact WHERE a = min(blocker, blocked) AND b = max(blocker, blocked));

-- directKey joins the two users of a direct conversation.
CREATE TABLE conversation (
  id TEXT PRIMARY KEY NOT NULL,
  directKey TEXT UNIQUE,
  lastSeq INTEGER NOT NULL DEFAULT 0,
  createdAt INTEGER NOT NULL
) STRICT;

-- lastSeq and activeAt belong to the last message this member may see, unread counts those of others above read.
CREATE TABLE member (
  conversation TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES user,
  received INTEGER NOT NULL DEFAULT 0,
  read INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  lastSeq INTEGER NOT NULL DEFAULT 0,
  activeAt INTEGER NOT NULL,
  PRIMARY KEY (conversation, user),
  CHECK (read <= received)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberByUser ON member (user, activeAt, conversation);

CREATE TABLE message (
  conversationId TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE,
  seq INTEGER NOT NULL CHECK (seq > 0),
  id TEXT NOT NULL,
  senderId TEXT NOT NULL REFERENCES user,
  deviceId TEXT NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (conversationId, seq),
  UNIQUE (conversationId, senderId, id)
) STRICT;

CREATE TABLE withheld (
  conversation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  user TEXT NOT NULL REFERENCES user,
  PRIMARY KEY (conversation, seq, user),
  FOREIGN KEY (conversation, seq) REFERENCES message ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE call (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  callId TEXT NOT NULL UNIQUE,
  media TEXT NOT NULL CHECK (media IN ('audio', 'video')),
  callerId TEXT NOT NULL REFERENCES user,
  callerDevice TEXT NOT NULL,
  calleeId TEXT NOT NULL REFERENCES user,
  calleeDevice TEXT,
  state TEXT NOT NULL CHECK (state IN ('ringing', 'active', 'ended')),
  at INTEGER NOT NULL,
  answeredAt INTEGER,
  endedAt INTEGER,
  callerReason TEXT,
  calleeReason TEXT
) STRICT;
CREATE INDEX callByCaller ON call (callerId, position);
CREATE INDEX callByCallee ON call (calleeId, position);

-- The key is what keeps a user out of a second live call.
CREATE TABLE liveCall (
  user TEXT PRIMARY KEY NOT NULL REFERENCES user,
  position INTEGER NOT NULL REFERENCES call ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX liveCallByCall ON liveCall (position);
`;
