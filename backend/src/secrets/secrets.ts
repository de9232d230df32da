import { createECDH, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { OperatorFault } from '../operator-error.ts';
import { openPrivateFolder, readPrivateFile, writePrivateFile } from './private-file.ts';

/** The keys of this installation, 32 bytes each. */
export interface Secrets {
  /** Signs access tokens (HS256). */
  readonly accessTokenKey: Buffer;
  /** Turns a refresh token into its successor (HMAC). */
  readonly refreshKey: Buffer;
  /** Identifies the installation to push services: a P-256 private key (RFC 8292). */
  readonly vapidKey: Buffer;
}

/** `malformed`: not 43 characters of base64url; `known`: no random number looks like this; `foreign`: other processes have another one. */
export type SecretFault = 'malformed' | 'short' | 'known' | 'missing' | 'foreign';

/** A secret that nobody should rely on: the message names its file and says what to do. */
export class SecretError extends OperatorFault<SecretFault> {
  override readonly name = 'SecretError';
}

const length = 32;

/** In 32 random bytes fewer different ones than this turn up once in 10^13 times: such a key was typed or counted. */
const fewestDifferent = 18;

/**
 * Opens the secrets, and makes those that are not there yet, unless somebody else has to.
 * @param directory the data directory's folder of secrets, or the one all processes share
 * @param given whether they must be there
 * @throws SecretError where one of them is malformed, short or known: it is never replaced silently, because that signs
 *   everybody out
 * @throws FileError where the folder cannot be read or written
 */
export async function openSecrets(directory: string, given = false): Promise<Secrets> {
  const openSecret = given ? openGiven : openOrMake;
  const accessTokenKey = await openSecret(join(directory, 'access-token.key'));
  const refreshKey = await openSecret(join(directory, 'refresh.key'));
  if (accessTokenKey.equals(refreshKey))
    throw refusal('known', join(directory, 'refresh.key'), 'equals access-token.key');
  const vapidKey = await openSecret(vapidPath(directory), vapidPrivateKey);
  return { accessTokenKey, refreshKey, vapidKey };
}

/** The files of a folder of secrets. */
const NAMES = ['access-token.key', 'refresh.key', 'vapid.key'] as const;

/**
 * Makes the secrets that several processes share, in a folder that only its user can open. One that is there is kept, if it is good.
 * @returns the names of those that were made and of those that were there
 * @throws SecretError, FileError
 */
export async function makeSecrets(directory: string): Promise<{ made: string[]; kept: string[] }> {
  await openPrivateFolder(directory);
  const isThere = await Promise.all(NAMES.map(name => readPrivateFile(join(directory, name))));
  await openSecrets(directory);
  const named = (there: boolean) => NAMES.filter((_name, index) => (isThere[index] !== undefined) === there);
  return { made: named(false), kept: named(true) };
}

const vapidPath = (directory: string): string => join(directory, 'vapid.key');

/**
 * The key that push subscriptions were made with, as it is kept; null where there is none yet.
 * @throws SecretError, FileError
 */
export async function keptVapidKey(directory: string): Promise<string | null> {
  const text = (await readPrivateFile(vapidPath(directory)))?.trim();
  return text === undefined ? null : parseSecret(text, vapidPath(directory)).toString('base64url');
}

/**
 * Puts such a key in the place of any other.
 * @throws SecretError, FileError
 */
export async function putVapidKey(directory: string, text: string): Promise<void> {
  const key = parseSecret(text, 'in the backup').toString('base64url');
  await writePrivateFile(vapidPath(directory), `${key}\n`);
}

/** Not every number is a private key of the curve; this one is. */
function vapidPrivateKey(): Buffer {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  // A number with leading zeros comes shorter.
  return Buffer.concat([Buffer.alloc(length), pair.getPrivateKey()]).subarray(-length);
}

/** Several processes share what they are given: one that is made here would be unlike the others'. */
async function openGiven(path: string): Promise<Buffer> {
  const text = await readPrivateFile(path);
  if (text !== undefined) return parseSecret(text.trim(), path);
  const advice = 'Copy it from where it was made, or make all of them: npm run secrets -- and a folder.';
  throw new SecretError('missing', `The secret ${path} is not there. ${advice}`);
}

async function openOrMake(path: string, make: () => Buffer = () => randomBytes(length)): Promise<Buffer> {
  const text = await readPrivateFile(path);
  if (text !== undefined) return parseSecret(text.trim(), path);
  const secret = make();
  await writePrivateFile(path, `${secret.toString('base64url')}\n`);
  return secret;
}

/**
 * @param text base64url without padding (RFC 4648, 5)
 * @param source where it comes from, for the sentence of an error
 * @throws SecretError
 */
export function parseSecret(text: string, source: string): Buffer {
  const secret = Buffer.from(text, 'base64url');
  if (secret.toString('base64url') !== text) throw refusal('malformed', source, 'is not written in base64url');
  if (secret.length < length) throw refusal('short', source, `has ${secret.length} bytes instead of ${length}`);
  if (secret.length > length) throw refusal('malformed', source, `has ${secret.length} bytes instead of ${length}`);
  if (new Set(secret).size < fewestDifferent || isCounted(secret))
    throw refusal('known', source, 'was not made at random');
  return secret;
}

/** Bytes with equal steps between them, such as the 0, 1, 2, 3 of many examples. */
function isCounted(secret: Buffer): boolean {
  const step = (index: number) => ((secret[index] ?? 0) - (secret[index - 1] ?? 0)) & 0xff;
  return secret.every((_byte, index) => index < 2 || step(index) === step(1));
}

function refusal(fault: SecretFault, source: string, what: string): SecretError {
  const advice = 'Restore it, or delete it and start again: everybody then has to sign in anew.';
  return new SecretError(fault, `The secret ${source} ${what}. ${advice}`);
}
