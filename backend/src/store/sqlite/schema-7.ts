/**
 * Retracted messages are numbered in each conversation, in the order in which that was done: a device asks for those behind
 * the last number that it knows. The number takes the place of the flag.
 */
export const SCHEMA_7 = `
DROP VIEW shown;
ALTER TABLE message ADD COLUMN retraction INTEGER;
UPDATE message SET retraction = (
  SELECT count(*) FROM message AS other
  WHERE other.conversationId = message.conversationId AND other.retracted = 1 AND other.seq <= message.seq)
WHERE retracted = 1;
ALTER TABLE message DROP COLUMN retracted;
CREATE UNIQUE INDEX messageByRetraction ON message (conversationId, retraction) WHERE retraction IS NOT NULL;

-- The messages that each member reads; one that is withheld is an empty place for this reader.
CREATE VIEW shown AS
  SELECT member.user AS reader, message.*, withheld.seq IS NOT NULL AS withheld FROM member
  JOIN message ON conversationId = member.conversation AND message.seq >= fromSeq AND message.seq <= ifnull(toSeq, message.seq)
  LEFT JOIN withheld
    ON withheld.conversation = conversationId AND withheld.seq = message.seq AND withheld.user = member.user;
`;
