const ITERATIONS = 600_000;
const SECRET_BITS = 256;
const LOGIN = 'parley login v1';

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** HKDF (RFC 5869) over what the password was stretched to: one key for each purpose, and none tells of another. */
const purpose = (info: string) => ({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) });

/** What comes from a password by domain separation. */
export interface PasswordKeys {
  /** Signs in instead of the password: 43 characters of base64url. */
  readonly loginSecret: string;
  /** Seals the key of the secrets that the server keeps for a new device. It never leaves this one: it cannot be exported. */
  readonly wrappingKey: CryptoKey;
}

/**
 * Both keys of a password, which never leaves this device (PROTOCOL.md, Accounts and tokens): PBKDF2-SHA-256 (RFC 8018) with
 * 600,000 rounds over the password and SHA-256(installation id ‖ username), then HKDF for each. WebCrypto works off the page's
 * thread, for about half a second (decisions/0007-one-stretching-of-a-password.md).
 * @param password as typed; NFC, so that two keyboards that spell "é" differently sign in alike
 * @param username folded
 * @param extractable whether the wrapping key can be exported, which nothing but a spec needs
 */
export async function passwordKeys(
  password: string,
  username: string,
  installationId: string,
  extractable = false,
): Promise<PasswordKeys> {
  const stretched = await stretchedKey(password, username, installationId, ['deriveBits', 'deriveKey']);
  const aes = { name: 'AES-GCM', length: 256 };
  const uses: KeyUsage[] = ['encrypt', 'decrypt'];
  return {
    loginSecret: base64url(await crypto.subtle.deriveBits(purpose(LOGIN), stretched, SECRET_BITS)),
    wrappingKey: await crypto.subtle.deriveKey(purpose('parley wrapping key v1'), stretched, aes, extractable, uses),
  };
}

/** The login secret alone, where no secrets are opened. */
export async function loginSecret(password: string, username: string, installationId: string): Promise<string> {
  const stretched = await stretchedKey(password, username, installationId, ['deriveBits']);
  return base64url(await crypto.subtle.deriveBits(purpose(LOGIN), stretched, SECRET_BITS));
}

async function stretchedKey(
  password: string,
  username: string,
  installationId: string,
  uses: KeyUsage[],
): Promise<CryptoKey> {
  const salt = await crypto.subtle.digest('SHA-256', utf8(installationId + username));
  const typed = await crypto.subtle.importKey('raw', utf8(password.normalize('NFC')), 'PBKDF2', false, ['deriveBits']);
  const stretched = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS },
    typed,
    SECRET_BITS,
  );
  return crypto.subtle.importKey('raw', stretched, 'HKDF', false, uses);
}
