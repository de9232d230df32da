/** Who decides about calls, by number, and what several processes must agree on. */
export const SCHEMA_4 = `
CREATE TABLE callFence (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), fence INTEGER NOT NULL) STRICT;
INSERT INTO callFence (one, fence) VALUES (1, 0);

CREATE TABLE pin (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
