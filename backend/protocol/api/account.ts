import * as z from 'zod/mini';
import { displayName } from '#protocol/display-name';
import { deviceId, userId, uuid } from '#protocol/ids';
import { invitationCode, linkCode } from '#protocol/invitation-code';
import { username } from '#protocol/username';

/** 32 bytes as unpadded base64url: what PBKDF2 and HKDF made of a password in the browser. */
export const secret = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));
/** What a device calls itself, e.g. "Phone, Chrome". */
export const deviceName = z.string().check(
  z.minLength(1),
  z.maxLength(64),
  // A store keeps UTF-8, which has no lone surrogates.
  z.refine(name => name.isWellFormed()),
);
const time = z.int().check(z.nonnegative());

export const role = z.enum(['user', 'admin']);
export type Role = z.infer<typeof role>;

/** GET /api/installation: public, before anybody signs in. */
export const installation = z.object({
  id: uuid,
  name: z.string(),
  epoch: z.string(),
  signUp: z.enum(['open', 'invitation', 'closed']),
  /** While nobody is admin: the set-up link of the terminal is waited for. */
  setUp: z.optional(z.literal(true)),
  protocol: z.string(),
  version: z.string(),
});
export type InstallationInfo = z.infer<typeof installation>;

/**
 * A person as others see them. `avatar` is the version of their picture, part of its address. Of a deleted account only
 * the id is true: the names are placeholders, and an app says so in its own words.
 */
export const person = z.object({
  id: userId,
  username,
  // Not as a new one is given: a name under an older rule must not take the list that it is in away from those who read it.
  displayName: z.string().check(z.minLength(1), z.maxLength(256)),
  avatar: z.optional(z.string()),
  deleted: z.optional(z.literal(true)),
});
export type Person = z.infer<typeof person>;

/**
 * Preferences the server honours. `readReceipts: false` keeps read marks from others; `relayCalls` sends this person's calls
 * through a relay alone, which hides their IP addresses from the other person. It may be absent, which means false: older apps,
 * accounts and backups do not have it.
 */
export const settings = z.strictObject({ readReceipts: z.boolean(), relayCalls: z.optional(z.boolean()) });
export type Settings = z.infer<typeof settings>;
/** Whether this person's calls go through a relay alone. */
export const relaysCalls = ({ relayCalls = false }: Settings): boolean => relayCalls;

/** GET /api/me */
export const me = z.object({ ...person.shape, role, createdAt: time, settings });
export type Me = z.infer<typeof me>;

/** What somebody new shows: the code of an invitation, or the one of the set-up link. */
const shown = { invitation: z.optional(invitationCode), setUp: z.optional(linkCode) };
export type Shown = { invitation?: string; setUp?: string };
/** POST /api/auth/register */
export const registration = z.strictObject({ username, displayName, loginSecret: secret, deviceName, ...shown });
export type Registration = z.infer<typeof registration>;

/** POST /api/auth/login; `device` proves a device that signed in here before and gets its own budget of attempts. */
export const login = z.strictObject({
  username,
  loginSecret: secret,
  deviceName,
  device: z.optional(z.strictObject({ deviceId, deviceSecret: secret })),
});
export type Login = z.infer<typeof login>;

/** The answer to registration and login; the other half of the refresh token is the cookie. */
export const signedIn = z.object({
  accessToken: z.string(),
  expiresInMs: time,
  deviceId,
  deviceSecret: secret,
  me,
});
export type SignedIn = z.infer<typeof signedIn>;

/** POST /api/auth/refresh, with the cookie. */
export const refresh = z.strictObject({ deviceId, deviceSecret: secret });
export type Refresh = z.infer<typeof refresh>;
/** `epoch`: the store's in which the session was found (PROTOCOL.md, Epoch). */
export const refreshed = z.object({ accessToken: z.string(), expiresInMs: time, epoch: z.optional(z.string()) });
export type Refreshed = z.infer<typeof refreshed>;

/** POST /api/auth/password: signs out every other device. */
export const passwordChange = z.strictObject({ currentSecret: secret, newSecret: secret });
export type PasswordChange = z.infer<typeof passwordChange>;

/** POST /api/auth/username, of those who may sign up; a code must not travel in an address. */
export const usernameQuestion = z.strictObject({ name: username, ...shown });
export const usernameAnswer = z.object({ free: z.boolean() });

/** GET /api/devices, DELETE /api/devices/:id, POST /api/devices/sign-out-others */
export const device = z.object({
  id: deviceId,
  name: z.string(),
  createdAt: time,
  lastSeen: time,
  current: z.boolean(),
});
export type Device = z.infer<typeof device>;

/** PATCH /api/me */
export const profileChange = z.strictObject({ displayName });
/** DELETE /api/me */
export const accountDeletion = z.strictObject({ loginSecret: secret });

/** Largest avatar the server takes, in bytes, and its types (PUT /api/me/avatar, the image itself as the body). */
export const AVATAR_BYTES = 256 * 1024;
export const AVATAR_TYPES = ['image/webp', 'image/jpeg', 'image/png'] as const;
