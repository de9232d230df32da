import * as z from 'zod/mini';

/** Capitals that look like no other sign, for codes that are read aloud and typed: without I, L and O. */
export const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ';
/** Letters of an invitation's code: 45 bits, which nobody guesses at the pace that is allowed. */
export const CODE_LENGTH = 10;

/** An invitation's code as it is kept and compared. */
export const invitationCode = z.string().check(z.regex(new RegExp(`^[${CODE_LETTERS}]{${String(CODE_LENGTH)}}$`)));
/** 128 bits as unpadded base64url: what set-up and reset links carry behind their `#`. */
export const linkCode = z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/));

/** The one way a typed, scanned or linked code is read: capitals, without what stands between them. */
export const foldCode = (typed: string): string => typed.toUpperCase().replace(/[^A-Z]/g, '');

/** As it is shown: two groups of five. */
export const spacedCode = (code: string): string => `${code.slice(0, 5)} ${code.slice(5)}`;
