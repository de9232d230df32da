import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { openCertificates, type CertificateOptions } from './certificates.ts';
import { issueLeaf } from './leaf.ts';
import { readRoot } from './root.ts';

const day = 86_400_000;
const now = Date.UTC(2027, 3, 1);
const lan = { network: 'eth0', address: '192.168.1.20', temporary: false };

suiteNeeds(['openssl'], 'The certificates of an installation, as openssl sees them,', () => {
  let directory: string;
  const open = (options: Partial<CertificateOptions> = {}) =>
    openCertificates({
      directory,
      hostName: 'nas',
      addresses: [lan],
      hosts: [],
      now,
      notBefore: now - day,
      ...options,
    });
  const file = (name: string) => join(directory, name);
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-openssl-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const verify = async (certificates: Awaited<ReturnType<typeof open>>, ...args: string[]) => {
    await writeFile(file('ca'), certificates.root!.pem);
    await writeFile(file('leaf'), certificates.cert);
    const when = ['-attime', String(now / 1000)];
    const all = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      ...when,
      '-CAfile',
      file('ca'),
      ...args,
      file('leaf'),
    ];
    return (await promisify(execFile)('openssl', all)).stdout;
  };

  /** What openssl reads of one, without the breaks of its lines. */
  async function read(pem: string): Promise<string> {
    await writeFile(file('read'), pem);
    const { stdout } = await promisify(execFile)('openssl', ['x509', '-noout', '-text', '-in', file('read')]);
    return stdout.replace(/\s+/g, ' ');
  }
  const lifeOf = (text: string) => {
    const [, from = '', to = ''] = /Not Before: (.*?) Not After : (.*? GMT)/.exec(text) ?? [];
    return (Date.parse(to) - Date.parse(from)) / day;
  };

  it('are a root of ten years that only issues, for no more than a network at home', async () => {
    const { root } = await open({ hosts: ['chat.example.org'] });
    const text = await read(root!.pem);
    expect(text).toContain('ASN1 OID: prime256v1');
    expect(text).toContain('X509v3 Basic Constraints: critical CA:TRUE, pathlen:0');
    expect(text).toContain('X509v3 Key Usage: critical Certificate Sign, CRL Sign');
    expect(lifeOf(text)).toBe(3_650);
    const [, permitted = ''] = /X509v3 Name Constraints: critical Permitted: (.*?) X509v3/.exec(text) ?? [];
    for (const name of ['localhost', 'local', 'lan', 'home.arpa', 'internal', 'nas', 'chat.example.org'])
      expect(permitted).toContain(`DNS:${name} `);
    for (const network of [
      '10.0.0.0/255.0.0.0',
      '172.16.0.0/255.240.0.0',
      '192.168.0.0/255.255.0.0',
      '169.254.0.0/255.255.0.0',
      '127.0.0.0/255.0.0.0',
      'FC00:0:0:0:0:0:0:0/FE00:0:0:0:0:0:0:0',
      'FE80:0:0:0:0:0:0:0/FFC0:0:0:0:0:0:0:0',
    ])
      expect(permitted).toContain(`IP:${network}`);
  });

  it('are a certificate of 397 days that only serves', async () => {
    const text = await read((await open()).cert);
    expect(text).toContain('X509v3 Basic Constraints: critical CA:FALSE');
    expect(text).toContain('X509v3 Extended Key Usage: TLS Web Server Authentication X509v3');
    expect(lifeOf(text)).toBe(397);
  });

  it('verify for each of their names', async () => {
    const certificates = await open();
    for (const name of certificates.names) {
      const flag = /[:]|^\d/.test(name) ? '-verify_ip' : '-verify_hostname';
      expect(await verify(certificates, flag, name)).toContain('OK');
    }
    await expectAsync(verify(certificates, '-verify_hostname', 'google.com')).toBeRejected();
  });

  it('verify on a host with a global IPv6 address and one with a VPN', async () => {
    const addresses = [
      lan,
      { network: 'eth0', address: '2a02:8070::1', temporary: false },
      { network: 'wg0', address: '10.8.0.2', temporary: false },
    ];
    const certificates = await open({ addresses });
    expect(await verify(certificates)).toContain('OK');
    expect(certificates.leftOut.map(one => one.reason)).toEqual(['public', 'tunnel']);
  });

  it('verify on a host with IPv6 alone, and one with two network cards', async () => {
    const six = await open({ addresses: [{ network: 'eth0', address: 'fd00::2', temporary: false }] });
    expect(await verify(six, '-verify_ip', 'fd00::2')).toContain('OK');
    const two = await open({ addresses: [lan, { network: 'wlan0', address: '10.0.0.5', temporary: false }] });
    for (const address of [lan.address, '10.0.0.5']) expect(await verify(two, '-verify_ip', address)).toContain('OK');
  });

  it('verify on a host whose name was changed', async () => {
    await open();
    const renamed = await open({ hostName: 'attic' });
    expect(await verify(renamed, '-verify_hostname', 'attic.local')).toContain('OK');
    await expectAsync(verify(renamed, '-verify_hostname', 'attic')).toBeRejected();
  });

  it('verify with HOSTS, a domain and a public address', async () => {
    const certificates = await open({ hosts: ['chat.example.org', '203.0.113.9', '2a02:8070::1'] });
    expect(await verify(certificates, '-verify_ip', '2a02:8070::1')).toContain('OK');
    expect(await verify(certificates, '-verify_hostname', 'chat.example.org')).toContain('OK');
  });

  it('do not verify with a name outside, so the constraints hold', async () => {
    const certificates = await open();
    const root = await readRoot(await readFile(file('root.pem'), 'utf8'), '', now);
    const text = await issueLeaf(root, { dns: ['google.com'], ip: [] }, now);
    const cert = text.slice(text.indexOf('-----BEGIN CERTIFICATE'));
    await expectAsync(verify({ ...certificates, cert })).toBeRejectedWithError(/permitted subtree violation/);
  });
});
