/**
 * Conversations of n: the kind of each, its revision, and the range that each member reads. A message says whether it
 * counts. What is unread and what is last is read from the messages, so the columns that kept it go.
 */
export const SCHEMA_6 = `
ALTER TABLE conversation ADD COLUMN kind TEXT NOT NULL DEFAULT 'direct' CHECK (kind IN ('direct', 'group'));
ALTER TABLE conversation ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- Places from fromSeq to toSeq are this member's to read; without toSeq there is no end.
DROP INDEX memberByUser;
ALTER TABLE member DROP COLUMN unread;
ALTER TABLE member DROP COLUMN lastSeq;
ALTER TABLE member DROP COLUMN activeAt;
ALTER TABLE member ADD COLUMN role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'admin'));
ALTER TABLE member ADD COLUMN fromSeq INTEGER NOT NULL DEFAULT 1;
ALTER TABLE member ADD COLUMN toSeq INTEGER;
CREATE INDEX memberByUser ON member (user, conversation);

ALTER TABLE message RENAME COLUMN senderId TO authorId;
ALTER TABLE message ADD COLUMN counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1));
-- A retracted message has no data: every reader gets an empty place.
ALTER TABLE message ADD COLUMN retracted INTEGER NOT NULL DEFAULT 0 CHECK (retracted IN (0, 1));
ALTER TABLE message ADD COLUMN expiresAt INTEGER;
CREATE INDEX messageByExpiry ON message (expiresAt) WHERE expiresAt IS NOT NULL;

-- The messages that each member reads; one that is withheld is an empty place for this reader.
CREATE VIEW shown AS
  SELECT member.user AS reader, message.*, retracted = 1 OR withheld.seq IS NOT NULL AS withheld FROM member
  JOIN message ON conversationId = member.conversation AND message.seq >= fromSeq AND message.seq <= ifnull(toSeq, message.seq)
  LEFT JOIN withheld
    ON withheld.conversation = conversationId AND withheld.seq = message.seq AND withheld.user = member.user;
`;
