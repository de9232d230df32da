import { mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError } from '../secrets/private-file.ts';
import { expectFault } from '../testing/certificate-fault.ts';
import { openCertificates, type CertificateOptions } from './certificates.ts';
import { issueLeaf } from './leaf.ts';

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

  it('name the addresses of every network card, and those of one without IPv4', async () => {
    const second = { network: 'wlan0', address: '10.0.0.5', temporary: false };
    expect((await open({ addresses: [lan, second] })).names).toEqual(
      jasmine.arrayContaining([lan.address, '10.0.0.5']),
    );
    const six = { network: 'eth0', address: 'fd00::2', temporary: false };
    const alone = await open({ addresses: [six] });
    expect(alone.issued).toBe('names-changed');
    expect(alone.names).toContain('fd00::2');
    expect(alone.names).not.toContain(lan.address);
  });

  it('leave out a host name that was changed later, and say so', async () => {
    await open();
    const renamed = await open({ hostName: 'attic' });
    expect(renamed.leftOut).toEqual([{ host: 'attic', reason: 'outside-root' }]);
    expect(renamed.names).toContain('attic.local');
    expect(renamed.names).not.toContain('attic');
  });

  it('are issued again with 30 days left, when cut short, and when another root signed them', async () => {
    const first = await open();
    expect((await open({ now: first.expires - 29 * day })).issued).toBe('expires-soon');
    const { expires } = await open();
    const afterwards = await open({ now: expires + day });
    expect([afterwards.issued, afterwards.expires > expires + 365 * day]).toEqual(['expired', true]);
    await open({ renew: true });
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

  it('stay as they were where the folder has become unwritable', async () => {
    const first = await open();
    const away = join(directory, '..', 'away');
    const unwritable: typeof issueLeaf = async (root, names, when) => {
      await rename(directory, away);
      await writeFile(directory, '');
      return issueLeaf(root, names, when);
    };
    const kept = await open({ addresses: [{ ...lan, address: '192.168.1.99' }], issue: unwritable });
    expect(kept.kept).toMatch(/^Parley cannot write to .*certs .*: give its user the right to\. The older certificate/);
    expect([kept.cert, kept.issued]).toEqual([first.cert, undefined]);
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

  it('stop at another root of the same name', async () => {
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
});
