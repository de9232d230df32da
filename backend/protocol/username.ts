import * as z from 'zod/mini';

/** 3 to 32 of `a–z 0–9 _ . -`, fixed for life. */
export const username = z.string().check(z.regex(/^[a-z0-9_.-]{3,32}$/));

/**
 * The one way a username is folded, wherever one is typed, stored or compared.
 * The alphabet is ASCII, so lower-casing needs no locale; anything else stays and is refused by `username`.
 */
export const foldUsername = (typed: string): string => typed.trim().replace(/[A-Z]/g, letter => letter.toLowerCase());
