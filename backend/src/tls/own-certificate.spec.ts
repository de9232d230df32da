import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectFault } from '../testing/certificate-fault.ts';
import { openCertificates } from './certificates.ts';
import { openOwnCertificate } from './own-certificate.ts';

const day = 86_400_000;
const now = Date.UTC(2027, 3, 1);

describe("One's own certificate", () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  const own = (when = now, cert = 'cert.pem', key = 'key.pem') =>
    openOwnCertificate({ cert: path(cert), key: path(key) }, when);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-own-'));
    const made = await openCertificates({
      directory: path('a'),
      hostName: 'nas',
      addresses: [],
      hosts: [],
      now,
      notBefore: 0,
    });
    const other = await openCertificates({
      directory: path('b'),
      hostName: 'nas',
      addresses: [],
      hosts: [],
      now,
      notBefore: 0,
    });
    await writeFile(path('cert.pem'), made.cert + made.root!.pem);
    await writeFile(path('key.pem'), made.key);
    await writeFile(path('other.pem'), other.key);
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    await writeFile(path('broken-chain.pem'), made.cert + broken);
    await writeFile(path('half.pem'), made.key.slice(0, 80));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is served with its chain and under its names', async () => {
    const opened = await own();
    expect(opened.cert.match(/BEGIN CERTIFICATE/g)?.length).toBe(2);
    expect(opened.names).toContain('nas.local');
    expect(opened.root).toBeUndefined();
  });

  it('is refused with a sentence where a file is missing, broken, of another key or out of date', async () => {
    await expectFault(own(now, 'none.pem'), 'own-unreadable', /TLS_CERT names .*none\.pem/);
    await expectFault(own(now, 'cert.pem', 'half.pem'), 'own-unreadable', /TLS_KEY .*half\.pem.* not in PEM/);
    await expectFault(own(now, 'cert.pem', 'other.pem'), 'own-mismatch', /is not the key of/);
    await expectFault(own(now, 'broken-chain.pem'), 'own-refused', /broken-chain\.pem\) cannot be served/);
    await expectFault(own(now + 397 * day), 'own-expired', /ran out on 2028-05-01: renew it/);
  });
});
