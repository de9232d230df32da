import { join } from 'node:path';
import { recordedPorts, recordPorts } from '../ports/recorded-ports.ts';
import { readPrivateFile } from '../secrets/private-file.ts';
import { keptVapidKey, parseSecret, putVapidKey } from '../secrets/secrets.ts';
import { putRoot } from '../tls/root-file.ts';
import { readRoot } from '../tls/root.ts';
import type { Machine } from './record.ts';

/** Where an installation keeps what is not in its store. */
export type Folders = { dataDir: string; secretsDir: string; certsDir: string };

/**
 * What browsers and phones know the installation by: the root they trust, the key of their push subscriptions, the ports.
 * @param now ms since the epoch
 * @throws FileError, SecretError, PortError
 */
export async function machineIn({ dataDir, secretsDir, certsDir }: Folders, now: number): Promise<Machine> {
  const root = await readPrivateFile(join(certsDir, 'root.pem'));
  const ports = await recordedPorts(dataDir);
  const vapidKey = await keptVapidKey(secretsDir);
  return { kind: 'machine', madeAt: now, root: root ?? null, vapidKey, ports: ports ?? null };
}

/**
 * Nothing is put anywhere that could not be used there.
 * @throws CertificateError, SecretError
 */
export async function expectUsable({ root, vapidKey }: Machine, now: number): Promise<void> {
  if (root !== null) await readRoot(root, 'the root in the backup', now);
  if (vapidKey !== null) parseSecret(vapidKey, 'in the backup');
}

/**
 * Makes this machine the one that browsers and phones know.
 * @throws FileError
 */
export async function becomeMachine({ root, vapidKey, ports }: Machine, folders: Folders, now: number): Promise<void> {
  if (root !== null) await putRoot(folders.certsDir, root, now);
  if (vapidKey !== null) await putVapidKey(folders.secretsDir, vapidKey);
  if (ports !== null) await recordPorts(folders.dataDir, ports);
}
