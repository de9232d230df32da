import { hostname } from 'node:os';
import { buildTime } from './build-time.ts';
import type { CertificateOptions } from './certificates.ts';
import { readAddresses } from './interfaces.ts';

/** What certificates are made from, as this machine and its configuration say it now. */
export const thisMachine = async (config: {
  readonly certsDir: string;
  readonly hosts: readonly string[];
  readonly appDir?: string | undefined;
}): Promise<CertificateOptions> => ({
  directory: config.certsDir,
  hosts: config.hosts,
  hostName: hostname(),
  addresses: await readAddresses(),
  now: Date.now(),
  notBefore: await buildTime(config.appDir),
});
