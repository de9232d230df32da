/** Push subscriptions: one a device, and gone with it. */
export const SCHEMA_3 = `
CREATE TABLE push (
  deviceId TEXT PRIMARY KEY NOT NULL REFERENCES device ON DELETE CASCADE,
  endpoint TEXT UNIQUE NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  language TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
`;
