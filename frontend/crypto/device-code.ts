import { deviceId, userId, type DeviceAddress } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { base64, fromBase64, UUID_BYTES, uuidBytes, uuidOf } from './bytes.ts';

/*
 * What the QR code of a new device says to another device of the same person: which device shows it, its own key, and a secret under
 * which the answer is sealed.
 */

const NAME = 'PARLEY-DEVICE';
const VERSION = 1;
const KEY_BYTES = 32;
const SECRET_BYTES = 32;
const [SECRET_AT, ALL_BYTES] = [2 * UUID_BYTES + KEY_BYTES, 2 * UUID_BYTES + KEY_BYTES + SECRET_BYTES];
const CODE = new RegExp(`^${NAME}(\\d{1,4}):([A-Za-z0-9+/]*)$`);

export interface DeviceCode {
  readonly device: DeviceAddress;
  /** The Ed25519 key of the device, base 64. */
  readonly key: string;
  /** 32 bytes, base 64; for as long as the code is shown. */
  readonly secret: string;
}

/** @returns what the QR code says */
export function deviceCode({ device, key, secret }: DeviceCode): string {
  const parts = [uuidBytes(device.userId), uuidBytes(device.deviceId), fromBase64(key) ?? [], fromBase64(secret) ?? []];
  return `${NAME}${VERSION}:${base64(Uint8Array.from(parts.flatMap(part => [...part])))}`;
}

/** Reads any text; total. */
export function readDeviceCode(text: string): Result<DeviceCode, 'unreadable' | 'other-version'> {
  const [, version, said = ''] = CODE.exec(text) ?? [];
  if (version === undefined) return err('unreadable');
  if (version !== String(VERSION)) return err('other-version');
  const bytes = fromBase64(said) ?? new Uint8Array();
  const person = userId.safeParse(uuidOf(bytes.subarray(0, UUID_BYTES)));
  const device = deviceId.safeParse(uuidOf(bytes.subarray(UUID_BYTES, 2 * UUID_BYTES)));
  if (bytes.length !== ALL_BYTES || !person.success || !device.success) return err('unreadable');
  return ok({
    device: { userId: person.data, deviceId: device.data },
    key: base64(bytes.subarray(2 * UUID_BYTES, SECRET_AT)),
    secret: base64(bytes.subarray(SECRET_AT)),
  });
}
