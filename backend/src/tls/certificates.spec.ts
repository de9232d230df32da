import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suiteNeeds } from '../../../scripts/suite-needs.ts';
import { FileError } from '../secrets/private-file.ts';
import { CertificateError } from './certificate-error.ts';
import { openCertificates, type CertificateOptions } from './certificates.ts';
import { issueLeaf } from './leaf.ts';
import { openOwnCertificate } from './own-certificate.ts';

const day = 86_400_000;
const now = Date.UTC(2027, 3, 1);
const lan = { network: 'eth0', address: '192.168.1.20', temporary: false };

describe('The certificates of an installation', () => {
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
    directory = join(await mkdtemp(join(tmpdir(), 'parley-certs-')), 'certs');
  });
  afterEach(() => rm(join(directory, '..'), { recursive: true }));

  it('are made at the first start and stay at the second', async () => {
    const first = await open();
    const second = await open({ now: now + day });
    expect(first.issued).toBe('missing');
    expect(second.issued).toBeUndefined();
    expect(second.cert).toBe(first.cert);
    expect(first.names.filter(name => !name.startsWith('parley-'))).toEqual([
      ...['localhost', 'nas', 'nas.local', '127.0.0.1', '::1', '192.168.1.20'],
    ]);
    expect(first.names.some(name => /^parley-[a-z]{4}\.local$/.test(name))).toBe(true);
    expect(first.expires - now).toBe(396 * day);
  });

  it('keep their keys to their owner, and take them back from everybody else', async () => {
    await open();
    await rm(file('server.pem'));
    await writeFile(file('server.pem'), 'x', { mode: 0o644 });
    await open();
    for (const name of ['root.pem', 'server.pem']) expect((await stat(file(name))).mode & 0o777).toBe(0o600);
    expect(await readFile(file('root.crt'), 'latin1')).not.toContain('PRIVATE');
  });

  it('follow an address, and keep the root', async () => {
    const first = await open();
    const second = await open({ addresses: [{ ...lan, address: '192.168.1.21' }] });
    expect(second.issued).toBe('names-changed');
    expect(second.names).toContain('192.168.1.21');
    expect(second.root).toEqual(first.root);
  });

  it('leave out a host name that was changed later, and say so', async () => {
    await open();
    const renamed = await open({ hostName: 'attic' });
    expect(renamed.leftOut).toEqual([{ host: 'attic', reason: 'outside-root' }]);
    expect(renamed.names).toContain('attic.local');
    expect(renamed.names).not.toContain('attic');
  });

  it('are issued anew with 30 days left, when cut short, and when signed by somebody else', async () => {
    const first = await open();
    expect((await open({ now: first.expires - 29 * day })).issued).toBe('expires-soon');
    await writeFile(file('server.pem'), (await readFile(file('server.pem'), 'utf8')).slice(0, 300));
    expect((await open()).issued).toBe('half-written');
    const other = await mkdtemp(join(tmpdir(), 'parley-other-'));
    await openCertificates({ directory: other, hostName: 'nas', addresses: [], hosts: [], now, notBefore: 0 });
    await writeFile(file('server.pem'), await readFile(join(other, 'server.pem')));
    expect((await open()).issued).toBe('foreign');
    await rm(other, { recursive: true });
  });

  it('stay as they were where a new leaf does not pass its check', async () => {
    const first = await open();
    const addresses = [{ ...lan, address: '192.168.1.99' }];
    const outside: typeof issueLeaf = (root, names, when) =>
      issueLeaf(root, { ...names, dns: [...names.dns, 'google.com'] }, when);
    const kept = await open({ addresses, issue: outside });
    expect(kept.kept).toContain('may not vouch for google.com');
    expect(kept.cert).toBe(first.cert);
    expect((await open()).issued).toBeUndefined();
    const tooOld: typeof issueLeaf = (root, names) => issueLeaf(root, names, now - 500 * day);
    expect((await open({ addresses, issue: tooOld })).kept).toContain('its time is not now');
  });

  it('are refused where there is no older leaf to serve', async () => {
    const nothing: typeof issueLeaf = () => Promise.resolve('');
    await expectFault(open({ issue: nothing }), 'unverifiable', /does not pass its check/);
  });

  it('are not made by a clock that is behind', async () => {
    await expectFault(open({ now: 0 }), 'clock', /clock says 1970-01-01.*set the clock/);
    await open();
    await expectFault(open({ now: now - 2 * day, notBefore: 0 }), 'clock', /the root in .* was made later/);
  });

  it('stop at a root that was cut short', async () => {
    await open();
    const text = await readFile(file('root.pem'), 'utf8');
    for (const part of ['', text.slice(0, 100), text.slice(0, text.length - 40)]) {
      await writeFile(file('root.pem'), part);
      await expectFault(open(), 'half-written', /root\.pem is incomplete/);
    }
  });

  it("stop at somebody else's root of the same name", async () => {
    await open();
    const mine = await readFile(file('root.pem'), 'utf8');
    await rm(file('root.pem'));
    await open();
    const other = await readFile(file('root.pem'), 'utf8');
    const certificateAt = (text: string) => text.indexOf('-----BEGIN CERTIFICATE');
    await writeFile(file('root.pem'), mine.slice(0, certificateAt(mine)) + other.slice(certificateAt(other)));
    await expectFault(open(), 'foreign-root', /not the root of this installation/);
    await writeFile(file('root.pem'), await readFile(file('server.pem'), 'utf8'));
    await expectFault(open(), 'foreign-root', /not the root of this installation/);
  });

  it('stop at a root that has run out', async () => {
    await open();
    await expectFault(open({ now: now + 3650 * day }), 'root-expired', /every phone must trust the new one/);
  });

  it('say so where the folder cannot be written', async () => {
    await writeFile(join(directory, '..', 'file'), '');
    await expectAsync(open({ directory: join(directory, '..', 'file') })).toBeRejectedWithError(
      FileError,
      /cannot read .*file/,
    );
    await symlink(join(directory, '..', 'gone', 'away'), directory);
    await expectAsync(open()).toBeRejectedWithError(FileError, /cannot write to .*certs/);
  });

  it('serve TLS that a client with the root believes, and no other client', async () => {
    const { cert, key, root } = await open({ now: Date.now(), notBefore: 0 });
    const server = createServer({ cert, key }, (_request, response) => response.end('hello'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const connect = (trust: RequestOptions) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ host: '127.0.0.1', port, agent: false, ...trust }, response => resolve(response.resume().statusCode))
          .on('error', reject)
          .end();
      });
    expect(await connect({ ca: root!.pem })).toBe(200);
    await expectAsync(connect({})).toBeRejected();
    server.close();
  });

  suiteNeeds(['openssl'], 'as openssl sees them', () => {
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

    it('verify with HOSTS, a domain and a public address', async () => {
      const certificates = await open({ hosts: ['chat.example.org', '203.0.113.9', '2a02:8070::1'] });
      expect(await verify(certificates, '-verify_ip', '2a02:8070::1')).toContain('OK');
      expect(await verify(certificates, '-verify_hostname', 'chat.example.org')).toContain('OK');
    });

    it('do not verify with a name outside, so the constraints hold', async () => {
      const certificates = await open();
      const { readRoot } = await import('./root.ts');
      const root = await readRoot(await readFile(file('root.pem'), 'utf8'), '', now);
      const text = await issueLeaf(root, { dns: ['google.com'], ip: [] }, now);
      const cert = text.slice(text.indexOf('-----BEGIN CERTIFICATE'));
      await expectAsync(verify({ ...certificates, cert })).toBeRejectedWithError(/permitted subtree violation/);
    });
  });
});

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
    await expectFault(own(now + 397 * day), 'own-expired', /ran out on 2028-05-01: renew it/);
  });
});

async function expectFault(promise: Promise<unknown>, code: CertificateError['code'], sentence: RegExp): Promise<void> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CertificateError);
  if (!(error instanceof CertificateError)) return;
  expect(error.code).toBe(code);
  expect(error.message).toMatch(sentence);
}
