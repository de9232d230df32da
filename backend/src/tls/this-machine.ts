import { hostname } from 'node:os';
import type { CertificateOptions } from './certificates.ts';
import { readAddresses } from './interfaces.ts';
import { earliestClock } from './root-file.ts';

/** What certificates are made from, as this machine and its configuration say it now. */
export const thisMachine = async (config: {
  readonly certsDir: string;
  readonly hosts: readonly string[];
}): Promise<CertificateOptions> => ({
  directory: config.certsDir,
  hosts: config.hosts,
  hostName: hostname(),
  addresses: await readAddresses(),
  now: Date.now(),
  notBefore: earliestClock,
});
