import { deviceId, userId, type DeviceAddress } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { base64, fromBase64, random, UUID_BYTES, uuidBytes, uuidOf } from './bytes.ts';
import { readScannedText, scannedText, type TextFault } from './scanned-text.ts';

/*
 * What the QR code of a new device says to another device of the same person: which device shows it, its own key, and a secret under
 * which the answer is sealed.
 */

const NAME = 'PARLEY-DEVICE';
const KEY_BYTES = 32;
const SECRET_BYTES = 32;
const [KEY_AT, SECRET_AT] = [2 * UUID_BYTES, 2 * UUID_BYTES + KEY_BYTES];

export interface DeviceCode {
  readonly device: DeviceAddress;
  /** The Ed25519 key of the device, base 64. */
  readonly key: string;
  /** 32 bytes, base 64; for as long as the code is shown. */
  readonly secret: string;
}

/** For as long as a code is shown. */
export const newDeviceSecret = (): string => base64(random(SECRET_BYTES));

/** @returns what the QR code says */
export const deviceCode = ({ device, key, secret }: DeviceCode): string =>
  scannedText(
    NAME,
    uuidBytes(device.userId),
    uuidBytes(device.deviceId),
    ...[key, secret].map(text => fromBase64(text) ?? new Uint8Array()),
  );

/** Reads any text; total. */
export function readDeviceCode(text: string): Result<DeviceCode, TextFault> {
  const read = readScannedText(text, NAME, SECRET_AT + SECRET_BYTES);
  if (!read.ok) return read;
  const bytes = read.value;
  const person = userId.safeParse(uuidOf(bytes.subarray(0, UUID_BYTES)));
  const device = deviceId.safeParse(uuidOf(bytes.subarray(UUID_BYTES, KEY_AT)));
  if (!person.success || !device.success) return err('unreadable');
  return ok({
    device: { userId: person.data, deviceId: device.data },
    key: base64(bytes.subarray(KEY_AT, SECRET_AT)),
    secret: base64(bytes.subarray(SECRET_AT)),
  });
}
