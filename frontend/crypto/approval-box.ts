import * as z from 'zod/mini';
import { type DeviceAddress } from '#protocol/ids';
import { fields, fromBase64, type Bytes } from './bytes.ts';
import { derivedKey, openJson, sealJson } from './sealed-box.ts';

const PURPOSE = 'parley approval v1';

/** What a new device needs of the one that approves it. */
const approval = z.object({ bundleKey: z.string() });

const boundTo = ({ userId, deviceId }: DeviceAddress): Bytes => fields(PURPOSE, userId, deviceId);
const sealedBy = (secret: string): Promise<CryptoKey> => derivedKey(fromBase64(secret) ?? new Uint8Array(), PURPOSE);

/**
 * What an approving device sends, for this device alone.
 * @param secret of the code that it has scanned, base 64
 * @param bundleKey base 64
 */
export const approvalBox = async (to: DeviceAddress, secret: string, bundleKey: string): Promise<string> =>
  sealJson(await sealedBy(secret), { bundleKey }, boundTo(to));

/** @returns the key of the bundle; null: the box was not sealed for this device by who has seen the code */
export async function bundleKeyIn(own: DeviceAddress, secret: string, box: string): Promise<Bytes | null> {
  const opened = await openJson(await sealedBy(secret), box, boundTo(own), approval);
  return opened.ok ? fromBase64(opened.value.bundleKey) : null;
}
