/**
 * What the machines of end-to-end encryption sign, as the server takes it: of a known shape and size, and otherwise opaque.
 * Names and nesting are those of the Matrix client-server API (11.11 "End-to-End Encryption"), since the objects are signed
 * as they are; a user is `@<userId>:parley`, a device its id. What an object says beyond its shape is kept as it came.
 */
import * as z from 'zod/mini';
import { isLonger } from '#protocol/bytes';
import { deviceId, UUID, type DeviceId, type UserId } from '#protocol/ids';
import { DEVICE_LIST_BYTES, SIGNATURES_KEPT, SIGNED_KEYS_BYTES, ONE_TIME_KEY_BYTES } from '#protocol/keys/limits';

const USER = /^@([0-9a-f-]{36}):parley$/;

/** A user as these objects name one: `@<userId>:parley`. */
export const keyUser = z
  .string()
  .check(z.refine(text => UUID.test(USER.exec(text)?.[1] ?? '')))
  .brand<'key-user'>();
export type KeyUser = z.infer<typeof keyUser>;
export const keyUserOf = (userId: UserId): KeyUser => `@${userId}:parley` as KeyUser;
/** The schema has made sure that there is an id. */
export const userIdOf = (user: KeyUser): UserId => user.slice(1, -':parley'.length) as UserId;

/** A dehydrated device is called after its Curve25519 key: 32 bytes as unpadded base64 (RFC 4648, 4). */
export const dehydratedId = z
  .string()
  .check(z.regex(/^[A-Za-z0-9+/]{43}$/))
  .brand<'dehydrated-device'>();
export type DehydratedId = z.infer<typeof dehydratedId>;
/** A device that has keys: one that is signed in, or a dehydrated one. */
export const keyDeviceId = z.union([deviceId, dehydratedId]);
export type KeyDeviceId = DeviceId | DehydratedId;

/** Deeper than anything that is signed or sent. */
const MOST_LEVELS = 32;
const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every(inner => isShallow(inner, levels - 1)));

/** Whether a value is at most so many bytes as JSON; one that nests too deeply is not. */
export const isAtMost = (value: unknown, bytes: number): boolean =>
  isShallow(value, MOST_LEVELS) && !isLonger(JSON.stringify(value), bytes);

/** A JSON object whose text is at most so many bytes; nothing else is known of it. */
export const opaque = (bytes: number) =>
  z.record(z.string(), z.unknown()).check(z.refine(value => isAtMost(value, bytes), { error: 'too long' }));
export type Opaque = Record<string, unknown>;

/** 32 or 64 bytes as unpadded base64. */
const publicKey = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}$/));
const signature = z.string().check(z.regex(/^[A-Za-z0-9+/]{86}$/));
/** `ed25519:<device, or key>` */
const ed25519Name = z.string().check(z.regex(/^ed25519:[A-Za-z0-9+/-]{36,43}$/));

/** Who has signed, with which of their keys, what came of it. */
export const signatures = z.record(keyUser, z.record(ed25519Name, signature)).check(
  z.refine(all => Object.values(all).reduce((sum, of) => sum + Object.keys(of).length, 0) <= SIGNATURES_KEPT, {
    error: 'too many signatures',
  }),
);
export type Signatures = z.infer<typeof signatures>;

const small = <T extends z.ZodMiniType>(shape: T, bytes: number) =>
  shape.check(z.refine(value => isAtMost(value, bytes), { error: 'too long' }));

/** A device's own keys, signed by it (Matrix: `DeviceKeys`). `keys` names its Curve25519 and its Ed25519 key. */
export const deviceKeys = small(
  z.looseObject({
    user_id: keyUser,
    device_id: keyDeviceId,
    algorithms: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(8)),
    keys: z.record(z.string().check(z.regex(/^(curve|ed)25519:[A-Za-z0-9+/-]{36,43}$/)), publicKey),
    signatures,
  }),
  SIGNED_KEYS_BYTES,
);
export type DeviceKeys = z.infer<typeof deviceKeys>;

/** A one-time or fallback key (Matrix: `KeyObject`). */
export const oneTimeKey = small(
  z.looseObject({ key: publicKey, signatures, fallback: z.optional(z.literal(true)) }),
  ONE_TIME_KEY_BYTES,
);
export type OneTimeKey = z.infer<typeof oneTimeKey>;
/** The only algorithm of one-time keys that is taken. */
export const ONE_TIME_ALGORITHM = 'signed_curve25519';
/** `signed_curve25519:<id>` */
export const oneTimeKeyName = z.string().check(z.regex(/^signed_curve25519:[A-Za-z0-9+/=_-]{1,64}$/));

/** One key of an identity (Matrix: `CrossSigningKey`). */
export const crossSigningKey = small(
  z.looseObject({
    user_id: keyUser,
    usage: z.array(z.enum(['master', 'self_signing', 'user_signing'])).check(z.length(1)),
    keys: z.record(ed25519Name, publicKey).check(z.refine(keys => Object.keys(keys).length === 1)),
    signatures: z.optional(signatures),
  }),
  SIGNED_KEYS_BYTES,
);
export type CrossSigningKey = z.infer<typeof crossSigningKey>;

/** What a list of devices says, which its master key has signed as text. The number rises with each list. */
export const deviceListSays = z.strictObject({
  user: keyUser,
  devices: z.array(deviceId).check(z.maxLength(64)),
  dehydrated: z.nullable(dehydratedId),
  number: z.int().check(z.positive()),
});
export type DeviceListSays = z.infer<typeof deviceListSays>;
/** A person's list of devices: `signed` is the JSON text of a `deviceListSays`, `signatures` those over that text. */
export const deviceList = z.strictObject({
  signed: z.string().check(z.refine(text => !isLonger(text, DEVICE_LIST_BYTES), { error: 'too long' })),
  signatures,
});
export type DeviceList = z.infer<typeof deviceList>;
