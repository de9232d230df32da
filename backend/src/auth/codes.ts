import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { CODE_LENGTH, CODE_LETTERS } from '#protocol/invitation-code';

/** What a code opens; a code of one kind is none of another. */
export type CodeKind = 'invitation' | 'reset';

/** A code for an invitation: ten letters that can be read aloud. */
export const newInvitationCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');

/** 128 random bits for a link, as 22 base64url characters. */
export const newLinkCode = (): string => randomBytes(16).toString('base64url');

/**
 * What is kept of a code. Ten letters have 45 bits, which a plain hash would not hide from whoever has read the database:
 * without the key nothing can be tried against it.
 */
export const codeHash = (key: Buffer, kind: CodeKind, code: string): string =>
  createHmac('sha256', key).update(`parley ${kind} v1 `).update(code).digest('base64url');
