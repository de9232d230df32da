import * as z from 'zod/mini';
import { type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { base64, fields, fromBase64, random, type Bytes } from './bytes.ts';
import { boxKey, derivedKey, open, openJson, seal, sealJson } from './sealed-box.ts';

/*
 * What a person's new device needs to be them, as the server keeps it. The secrets are sealed by a random key, and that key twice: by
 * the wrapping key that comes from the password, and by the one that comes from the recovery code. A new password wraps the key
 * once more; the secrets stay as they are.
 */

/** Conversation → the highest place that holds a plain message, from before this person encrypted: above it nothing plain is taken. */
export const plainUpTo = z.record(z.string(), z.number());
export type PlainUpTo = z.infer<typeof plainUpTo>;

/** Loose: a secret that only a newer app knows is kept. */
export const secrets = z.looseObject({
  /** The identity: master, self-signing and user-signing key, base 64. */
  crossSigning: z.object({ master: z.string(), selfSigning: z.string(), userSigning: z.string() }),
  /** Which backup is the present one, and its key: 32 bytes in base 64. Neither comes from the server in the clear. */
  backup: z.object({ version: z.string(), key: z.string() }),
  /** 32 bytes in base 64. */
  dehydratedKey: z.optional(z.string()),
  plainUpTo: z.optional(plainUpTo),
});
export type Secrets = z.infer<typeof secrets>;

export const sealedSecrets = z.strictObject({
  version: z.literal(1),
  /** Grows with every change; devices refuse a lower one than they know. */
  number: z.int().check(z.positive()),
  box: z.string(),
  byPassword: z.string(),
  byRecovery: z.nullable(z.string()),
});
export type SealedSecrets = z.infer<typeof sealedSecrets>;

/** What opens the bundle; `bundle`: its own key, on a device that has opened it before. */
export type Opener =
  | { readonly by: 'password'; readonly key: CryptoKey }
  | { readonly by: 'recovery'; readonly secret: Bytes }
  | { readonly by: 'bundle'; readonly key: Bytes };

export type SecretsRefusal =
  | 'unreadable'
  /** An older bundle than one that this device knows. */
  | 'lower-number'
  /** The password or the recovery code is another one, or the bundle was changed. */
  | 'not-opened';

const BOX = 'parley secrets v1';
const WRAP = 'parley secrets key v1';
const KEY_BYTES = 32;

/**
 * The key that a recovery code stands for. Its 128 bits are random, so one round of HKDF (RFC 5869) is enough.
 * @param secret 16 bytes
 */
export const recoveryKey = (secret: Bytes): Promise<CryptoKey> => derivedKey(secret, 'parley recovery v1');

/** The random key of a bundle, and what seals it. */
export interface BundleKeys {
  readonly key: Bytes;
  readonly byPassword: CryptoKey;
  /** Null while no recovery code was made. */
  readonly byRecovery: CryptoKey | null;
}

export const newBundleKey = (): Bytes => random(KEY_BYTES);

export async function sealSecrets(
  userId: UserId,
  number: number,
  content: Secrets,
  { key, byPassword, byRecovery }: BundleKeys,
): Promise<SealedSecrets> {
  return {
    version: 1,
    number,
    box: await sealBox(userId, number, content, key),
    byPassword: await wrapped(userId, key, 'password', byPassword),
    byRecovery: byRecovery && (await wrapped(userId, key, 'recovery', byRecovery)),
  };
}

/** The secrets themselves: under another number they are another box. */
export const sealBox = async (userId: UserId, number: number, content: Secrets, key: Bytes): Promise<string> =>
  sealJson(await boxKey(key), content, fields(BOX, userId, String(number)));

/** The key of the bundle as the password, or the recovery code, opens it. */
export const wrapped = async (
  userId: UserId,
  key: Bytes,
  name: 'password' | 'recovery',
  by: CryptoKey,
): Promise<string> => base64(await seal(by, key, fields(WRAP, userId, name)));

/**
 * Opens what the server hands out.
 * @param known the highest number that this device knows; null on a new one
 * @returns the secrets with the key of the bundle, which wraps it again
 */
export async function openSecrets(
  userId: UserId,
  handed: unknown,
  opener: Opener,
  known: number | null,
): Promise<Result<{ secrets: Secrets; key: Bytes; number: number }, SecretsRefusal>> {
  const parsed = sealedSecrets.safeParse(handed);
  if (!parsed.success) return err('unreadable');
  const { number, box } = parsed.data;
  if (known !== null && number < known) return err('lower-number');
  const key = await bundleKey(userId, parsed.data, opener);
  if (key?.length !== KEY_BYTES) return err('not-opened');
  const opened = await openJson(await boxKey(key), box, fields(BOX, userId, String(number)), secrets);
  if (opened.ok) return ok({ secrets: opened.value, key, number });
  return err(opened.error === 'tampered' ? 'not-opened' : 'unreadable');
}

async function bundleKey(
  userId: UserId,
  { byPassword, byRecovery }: SealedSecrets,
  opener: Opener,
): Promise<Bytes | null> {
  if (opener.by === 'bundle') return opener.key;
  const sealed = fromBase64((opener.by === 'password' ? byPassword : byRecovery) ?? '');
  const by = opener.by === 'password' ? opener.key : await recoveryKey(opener.secret);
  const opened = sealed && (await open(by, sealed, fields(WRAP, userId, opener.by)));
  return opened?.ok === true ? opened.value : null;
}
