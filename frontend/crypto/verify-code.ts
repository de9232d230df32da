import { userId, type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { base64, fromBase64, random, UUID_BYTES, uuidBytes, uuidOf } from './bytes.ts';
import { readScannedText, scannedText, type TextFault } from './scanned-text.ts';
import type { Identities } from './verify.ts';

/*
 * What a QR code says by which two people who are together compare their identities: who shows it, their master key, the one that
 * they have of the other person, and a secret by which the other person's device can say that it has seen this very code.
 */

const NAME = 'PARLEY';
const KEY_BYTES = 32;
const SECRET_BYTES = 16;
const ALL_BYTES = UUID_BYTES + 2 * KEY_BYTES + SECRET_BYTES;

export interface VerifyCode {
  /** Who shows it. */
  readonly userId: UserId;
  /** Public master keys, base 64: of who shows it, and what they have of who is to scan it. */
  readonly own: string;
  readonly theirs: string;
  /** 16 bytes, base 64. */
  readonly secret: string;
}

export type CodeRefusal =
  | TextFault
  /** Another person shows it, here or on another installation. */
  | 'other-person'
  /** This person shows it, as on another device of theirs. */
  | 'own-code'
  /** The identity that this device has of them is not theirs. */
  | 'other-identity'
  /** The identity that their device has of this person is not this person's. */
  | 'other-own';

/** For as long as a code is shown. */
export const newSecret = (): string => base64(random(SECRET_BYTES));

/** @returns what the QR code says */
export const verifyCode = ({ userId, own, theirs, secret }: VerifyCode): string =>
  scannedText(NAME, uuidBytes(userId), ...[own, theirs, secret].map(text => fromBase64(text) ?? new Uint8Array()));

/** Reads any text; total. */
export function readVerifyCode(text: string): Result<VerifyCode, TextFault> {
  const read = readScannedText(text, NAME, ALL_BYTES);
  if (!read.ok) return read;
  const bytes = read.value;
  const shower = userId.safeParse(uuidOf(bytes.subarray(0, UUID_BYTES)));
  if (!shower.success) return err('unreadable');
  const [secretAt, theirsAt] = [UUID_BYTES + 2 * KEY_BYTES, UUID_BYTES + KEY_BYTES];
  return ok({
    userId: shower.data,
    own: base64(bytes.subarray(UUID_BYTES, theirsAt)),
    theirs: base64(bytes.subarray(theirsAt, secretAt)),
    secret: base64(bytes.subarray(secretAt)),
  });
}

/** Who scans, whom they mean, and what their device has of both. */
export interface Scanner extends Identities {
  readonly me: UserId;
  readonly userId: UserId;
}

/** Compares a scanned text with what the device that has scanned it knows; total. */
export function judgeVerifyCode(text: string, scanner: Scanner): Result<VerifyCode, CodeRefusal> {
  const read = readVerifyCode(text);
  if (!read.ok) return read;
  const code = read.value;
  if (code.userId === scanner.me) return err('own-code');
  if (code.userId !== scanner.userId) return err('other-person');
  if (code.own !== scanner.theirs) return err('other-identity');
  return code.theirs === scanner.own ? ok(code) : err('other-own');
}
