/**
 * End-to-end encryption: what devices publish, one-time keys, the feed of changes, inboxes, and the sealed backup. A place is
 * a user and a device, a dehydrated one too, with a space between. JSON that nothing looks into is kept as text.
 */
export const SCHEMA_9 = `
CREATE TABLE deviceKeys (
  device TEXT PRIMARY KEY NOT NULL REFERENCES device ON DELETE CASCADE,
  user TEXT NOT NULL REFERENCES user,
  keys TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deviceKeysByUser ON deviceKeys (user);

CREATE TABLE keyring (
  user TEXT PRIMARY KEY NOT NULL REFERENCES user,
  identity TEXT,
  list TEXT,
  signedOthers TEXT NOT NULL,
  dehydrated TEXT NOT NULL,
  secrets TEXT
) STRICT, WITHOUT ROWID;

-- The oldest is given first. One that was claimed stays for a while, so that it does not come back.
CREATE TABLE oneTimeKey (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  place TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  claimedAt INTEGER,
  UNIQUE (place, name)
) STRICT;
CREATE INDEX oneTimeKeyUnclaimed ON oneTimeKey (place, position) WHERE claimedAt IS NULL;
CREATE INDEX oneTimeKeyByClaim ON oneTimeKey (claimedAt) WHERE claimedAt IS NOT NULL;

CREATE TABLE fallbackKey (
  place TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  used INTEGER NOT NULL CHECK (used IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Whose keys have changed: for all who share with them ('reader' is ''), or for one reader. Numbers are never given twice.
CREATE TABLE keyChange (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL,
  reader TEXT NOT NULL,
  hasLeft INTEGER NOT NULL CHECK (hasLeft IN (0, 1)),
  UNIQUE (user, reader)
) STRICT;
CREATE INDEX keyChangeByReader ON keyChange (reader, number) WHERE reader <> '';

CREATE TABLE inbox (place TEXT PRIMARY KEY NOT NULL, head INTEGER NOT NULL, confirmed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE inboxRow (
  place TEXT NOT NULL,
  number INTEGER NOT NULL,
  sender TEXT NOT NULL,
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (place, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX inboxRowBySender ON inboxRow (place, sender, bytes);
-- 'waiting' names the places that have not got theirs yet, as JSON; null: all have.
CREATE TABLE toDevice (
  device TEXT NOT NULL REFERENCES device ON DELETE CASCADE,
  txn TEXT NOT NULL,
  at INTEGER NOT NULL,
  waiting TEXT,
  PRIMARY KEY (device, txn)
) STRICT, WITHOUT ROWID;
CREATE INDEX toDeviceByAge ON toDevice (at);

CREATE TABLE sealedBackup (
  user TEXT NOT NULL REFERENCES user,
  version TEXT NOT NULL,
  about TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  PRIMARY KEY (user, version)
) STRICT, WITHOUT ROWID;
-- 'records' and 'bytes' are of this batch and all before it.
CREATE TABLE sealedBatch (
  user TEXT NOT NULL,
  version TEXT NOT NULL,
  number INTEGER NOT NULL,
  manifest TEXT NOT NULL,
  content TEXT NOT NULL,
  records INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (user, version, number),
  FOREIGN KEY (user, version) REFERENCES sealedBackup ON DELETE CASCADE
) STRICT;

-- Whoever shares a conversation, or a request that they see.
CREATE VIEW sharing AS
  SELECT mine.user AS me, other.user AS them FROM member AS mine
  JOIN member AS other ON other.conversation = mine.conversation AND other.user <> mine.user
  WHERE mine.toSeq IS NULL AND other.toSeq IS NULL
  UNION
  SELECT me, them FROM edge WHERE requestedBy IS NOT NULL AND (hidden = 0 OR requestedBy = me);

CREATE TRIGGER deviceKeysGone AFTER DELETE ON deviceKeys BEGIN
  DELETE FROM keyChange WHERE user = old.user AND reader = '';
  INSERT INTO keyChange (user, reader, hasLeft) VALUES (old.user, '', 0);
END;
CREATE TRIGGER placeGone AFTER DELETE ON device BEGIN
  DELETE FROM oneTimeKey WHERE place = old.userId || ' ' || old.id;
  DELETE FROM fallbackKey WHERE place = old.userId || ' ' || old.id;
  DELETE FROM inbox WHERE place = old.userId || ' ' || old.id;
  DELETE FROM inboxRow WHERE place = old.userId || ' ' || old.id;
END;
`;
