/** The set-up link is the same for every process: its code is sealed, where a hash was kept, from which no link can be read. */
export const SCHEMA_5 = `
DELETE FROM setUpLink;
ALTER TABLE setUpLink RENAME COLUMN codeHash TO seal;
`;
