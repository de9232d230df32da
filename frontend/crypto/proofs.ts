import { type DeviceAddress } from '#protocol/ids';
import { type Olm } from './olm.ts';

/** Keeps who a session is proved to be from, for its copy in the backup: what was kept first stays. */
export async function keepProof(olm: Olm, sessionId: string, of: DeviceAddress): Promise<void> {
  if (await olm.rows.get('proof', sessionId)) return;
  const device = await olm.deviceOf(of);
  const masterKey = await olm.masterKeyOf(of.userId);
  const [ed25519, curve25519] = [device?.ed25519Key?.toBase64(), device?.curve25519Key?.toBase64()];
  if (ed25519 === undefined || curve25519 === undefined || masterKey === null) return;
  if (device?.isCrossSignedByOwner() !== true) return;
  await olm.rows.prove(sessionId, { ...of, ed25519, curve25519, masterKey });
}
