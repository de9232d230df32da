const ITERATIONS = 600_000;
const SECRET_BITS = 256;

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/**
 * What signs in instead of the password, which never leaves this device (PROTOCOL.md, Accounts and tokens):
 * PBKDF2-SHA-256 (RFC 8018) with 600,000 rounds over the password and SHA-256(installation id ‖ username), then HKDF
 * (RFC 5869) with the info "parley login v1". WebCrypto works off the page's thread, for about half a second.
 * @param password as typed; NFC, so that two keyboards that spell "é" differently sign in alike
 * @param username folded
 * @returns 43 characters of base64url
 */
export async function loginSecret(password: string, username: string, installationId: string): Promise<string> {
  const salt = await crypto.subtle.digest('SHA-256', utf8(installationId + username));
  const typed = await crypto.subtle.importKey('raw', utf8(password.normalize('NFC')), 'PBKDF2', false, ['deriveBits']);
  const stretched = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS },
    typed,
    SECRET_BITS,
  );
  const key = await crypto.subtle.importKey('raw', stretched, 'HKDF', false, ['deriveBits']);
  const info = utf8('parley login v1');
  return base64url(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, key, SECRET_BITS),
  );
}
