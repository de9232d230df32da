import * as z from 'zod/mini';
import { type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { base64, fields, fromBase64, random, utf8, type Bytes } from './bytes.ts';
import { boxKey, open, openJson, seal, sealJson } from './sealed-box.ts';

/*
 * What a person's new device needs to be them, as the server keeps it. The secrets are sealed by a random key, and that key twice: by
 * the wrapping key that comes from the password, and by the one that comes from the recovery code. A new password wraps the key
 * once more; the secrets stay as they are.
 */

/** Loose: a secret that only a newer app knows is kept. */
const secrets = z.looseObject({
  /** The identity: master, self-signing and user-signing key, base 64. */
  crossSigning: z.object({ master: z.string(), selfSigning: z.string(), userSigning: z.string() }),
  /** 32 bytes in base 64 each. */
  backupKey: z.string(),
  dehydratedKey: z.optional(z.string()),
  /** Conversation → the highest place that holds a plain message: above it nothing plain is taken. */
  plainUpTo: z.optional(z.record(z.string(), z.number())),
});
export type Secrets = z.infer<typeof secrets>;

const sealedSecrets = z.strictObject({
  version: z.literal(1),
  /** Grows with every change; devices refuse a lower one than they know. */
  number: z.int().check(z.positive()),
  box: z.string(),
  byPassword: z.string(),
  byRecovery: z.nullable(z.string()),
});
export type SealedSecrets = z.infer<typeof sealedSecrets>;

/** What opens the bundle. */
export type Opener =
  { readonly by: 'password'; readonly key: CryptoKey } | { readonly by: 'recovery'; readonly secret: Bytes };

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
export async function recoveryKey(secret: Bytes): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = utf8('parley recovery v1');
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(parameters, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

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
    box: await sealJson(await boxKey(key), content, fields(BOX, userId, String(number))),
    byPassword: await wrapped(userId, key, 'password', byPassword),
    byRecovery: byRecovery && (await wrapped(userId, key, 'recovery', byRecovery)),
  };
}

const wrapped = async (userId: UserId, key: Bytes, name: Opener['by'], by: CryptoKey): Promise<string> =>
  base64(await seal(by, key, fields(WRAP, userId, name)));

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
  const { number, box, byPassword, byRecovery } = parsed.data;
  if (known !== null && number < known) return err('lower-number');
  const sealedKey = fromBase64((opener.by === 'password' ? byPassword : byRecovery) ?? '');
  const by = opener.by === 'password' ? opener.key : await recoveryKey(opener.secret);
  const key = sealedKey && (await open(by, sealedKey, fields(WRAP, userId, opener.by)));
  if (key?.ok !== true || key.value.length !== KEY_BYTES) return err('not-opened');
  const opened = await openJson(await boxKey(key.value), box, fields(BOX, userId, String(number)), secrets);
  if (opened.ok) return ok({ secrets: opened.value, key: key.value, number });
  return err(opened.error === 'tampered' ? 'not-opened' : 'unreadable');
}
