/** Invitations and the links of the terminal and the admin. Of every code only a keyed hash is kept. */
export const SCHEMA_2 = `
-- Without an inviter it was made at the terminal for nobody in particular.
CREATE TABLE invitation (
  id TEXT PRIMARY KEY NOT NULL,
  codeHash TEXT UNIQUE NOT NULL,
  inviterId TEXT REFERENCES user,
  uses INTEGER NOT NULL CHECK (uses > 0),
  used INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND uses),
  createdAt INTEGER NOT NULL,
  expiresAt INTEGER NOT NULL
) STRICT;
CREATE INDEX invitationByInviter ON invitation (inviterId, id);

CREATE TABLE setUpLink (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  codeHash TEXT NOT NULL
) STRICT;

CREATE TABLE resetLink (
  user TEXT PRIMARY KEY NOT NULL REFERENCES user,
  codeHash TEXT UNIQUE NOT NULL,
  expiresAt INTEGER NOT NULL
) STRICT;
`;
