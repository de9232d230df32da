/** A person has two seats and a ring: each call takes some of these, and no two calls the same. */
export const SCHEMA_8 = `
DROP INDEX liveCallByCall;
ALTER TABLE liveCall RENAME TO liveCallBefore;
CREATE TABLE liveCall (
  user TEXT NOT NULL REFERENCES user,
  slot TEXT NOT NULL,
  position INTEGER NOT NULL REFERENCES call ON DELETE CASCADE,
  PRIMARY KEY (user, slot)
) STRICT, WITHOUT ROWID;
INSERT INTO liveCall (user, slot, position) SELECT user, 'first', position FROM liveCallBefore;
DROP TABLE liveCallBefore;
CREATE INDEX liveCallByCall ON liveCall (position);
`;
