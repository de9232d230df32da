import { APPROVED_TYPE, type ApprovedEvent } from '#protocol/crypto/approving';
import { type DeviceAddress } from '#protocol/ids';
import { keyUserOf } from '#protocol/keys/objects';
import { err, ok, type Result } from '#protocol/result';
import { approvalBox } from './approval-box.ts';
import { deviceCode, newDeviceSecret, readDeviceCode } from './device-code.ts';
import { type Events } from './events.ts';
import { changeDevices, queryOwn, standing } from './identity.ts';
import { queryKeys } from './key-server.ts';
import { type Olm } from './olm.ts';
import { type OwnSecrets } from './own-secrets.ts';
import { type TextFault } from './scanned-text.ts';

/*
 * A device that has the secrets of its person approves a new one whose QR code it has scanned. The server says which key a device has;
 * the code says it, too, past the server. Both ends trust what the code says alone.
 */

export type ApprovalRefusal =
  | TextFault
  | 'other-person'
  /** The server does not know this device, or not yet. */
  | 'unknown-device'
  /** The server shows another key for it than the code. */
  | 'other-key'
  /** This device cannot open the secrets itself. */
  | 'not-own'
  /** It has no key to encrypt for it with. */
  | 'not-sent';

/** What a new device shows. @returns the code, and its secret, to be dropped with it */
export function codeOfDevice({ own, library }: Olm): { code: string; secret: string } {
  const secret = newDeviceSecret();
  return { code: deviceCode({ device: own, key: library.identityKeys.ed25519.toBase64(), secret }), secret };
}

/**
 * Signs the device whose code this is, lists it, and sends it what opens the secrets. Interrupted, it is done again with the same code.
 * @returns the device
 */
export async function approveDevice(
  olm: Olm,
  secrets: OwnSecrets,
  events: Events,
  text: string,
): Promise<Result<DeviceAddress, ApprovalRefusal>> {
  const read = readDeviceCode(text);
  if (!read.ok) return read;
  const { device, key, secret } = read.value;
  if (device.userId !== olm.own.userId) return err('other-person');
  const kept = await secrets.kept();
  if (!kept || device.deviceId === olm.own.deviceId || (await standing(olm)) !== 'own') return err('not-own');
  const found = await unlistedKeyOf(olm, device);
  if (found === null) return err('unknown-device');
  if (found !== key) return err('other-key');
  // The library is given listed devices alone, so the list comes first: an unsigned device gets no key.
  await changeDevices(olm, devices => [...devices, device.deviceId]);
  const listed = await olm.deviceOf(device);
  if (listed?.ed25519Key?.toBase64() !== key) return err('other-key');
  if (!listed.isCrossSignedByOwner()) await olm.send(await listed.verify());
  await queryOwn(olm);
  const box = await approvalBox(device, secret, kept.key);
  const sent = await events.send(device, APPROVED_TYPE, { version: 1, box } satisfies ApprovedEvent);
  return sent.ok ? ok(device) : err('not-sent');
}

/** The Ed25519 key that the server shows for a device that may not be listed yet; null: it knows no such device. */
async function unlistedKeyOf({ options }: Olm, { userId, deviceId }: DeviceAddress): Promise<string | null> {
  const user = keyUserOf(userId);
  const { device_keys: shown } = await queryKeys(options.server, [user]);
  return shown[user]?.[deviceId]?.keys[`ed25519:${deviceId}`] ?? null;
}
