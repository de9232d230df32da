import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createLog } from '../log.ts';
import { signUp } from '../testing/browser.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { TestClient } from '../testing/test-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { openCertificates, type CertificateOptions } from './certificates.ts';
import { openOwnCertificate } from './own-certificate.ts';
import { makeRoot } from './root-file.ts';
import { LOOK_MS, watchCertificates, type WatchedCertificates } from './watch.ts';

const lan = { network: 'eth0', address: '192.168.1.20', temporary: false };
const day = 86_400_000;

describe('a server whose certificate changes', () => {
  let directory: string;
  let machine: CertificateOptions;
  let tls: WatchedCertificates;
  let server: TestServer;
  let time: ManualTime;
  let logged: string[];
  const log = createLog('info', { write: line => void logged.push((JSON.parse(line) as { msg: string }).msg) });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-watch-'));
    machine = { directory, hostName: 'nas', addresses: [lan], hosts: [], now: Date.now(), notBefore: 0 };
    time = new ManualTime();
    logged = [];
    const open = (isStart: boolean) => openCertificates({ ...machine, mayMakeRoot: isStart });
    tls = await watchCertificates({ open, log, timers: time });
    server = await startTestServer({ env: { TLS: 'on', HTTPS_PORT: '0' }, tls });
  });
  afterEach(async () => {
    tls.stop();
    await server.stop();
    await rm(directory, { recursive: true });
  });

  /** What a browser that trusts `ca` is shown: the names of the certificate. */
  const shown = (ca: string): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connect({ port: server.httpsPort, host: '127.0.0.1', servername: 'localhost', ca }, () => {
      resolve(socket.getPeerCertificate().subjectaltname ?? '');
      socket.end();
    }).on('error', reject);
    return promise;
  };
  const pem = () => tls.current().root?.pem ?? '';
  /** The status of a question by that name. */
  const asked = (host: string): Promise<number | undefined> => {
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    const options = { port: server.httpsPort, host: '127.0.0.1', servername: 'localhost', agent: false, ca: pem() };
    get({ ...options, path: '/api/installation', headers: { host } }, response =>
      resolve(response.resume().statusCode),
    ).on('error', reject);
    return promise;
  };

  it('keeps its sockets, shows new ones the new certificate, and answers by the new names', async () => {
    const ada = await signUp(server.origin, 'ada');
    const socket = new TestClient(`wss://localhost:${server.httpsPort}`, { ca: pem() });
    const before = await socket.hello(ada.accessToken);
    expect(before.origins[0]).toBe(`https://192.168.1.20:${server.httpsPort}`);
    expect(await shown(pem())).toContain('192.168.1.20');

    machine = { ...machine, addresses: [{ ...lan, address: '192.168.1.21' }] };
    await tls.look();
    expect(await shown(pem())).toContain('192.168.1.21');
    expect(await shown(pem())).not.toContain('192.168.1.20');
    expect([await asked('192.168.1.21'), await asked('192.168.1.20')]).toEqual([200, 421]);

    await socket.settled();
    const after = new TestClient(`wss://localhost:${server.httpsPort}`, { ca: pem() });
    const welcome = await after.hello(ada.accessToken, { session: before.session });
    expect(welcome.how).toBe('resumed');
    expect(welcome.origins[0]).toBe(`https://192.168.1.21:${server.httpsPort}`);
    after.close();
  });

  it('looks again and again, and notices what another process has written', async () => {
    const looked = new Promise<string>(resolve => tls.onChange(({ cert }) => resolve(cert)));
    const renewed = await openCertificates({ ...machine, renew: true });
    expect(renewed.issued).toBe('asked-for');
    time.pass(LOOK_MS);
    expect(await looked).toBe(renewed.cert);
    expect(logged.at(-1)).toBe('certificate read anew');
  });

  it('issues another certificate when 30 days are left', async () => {
    machine = { ...machine, now: machine.now + 367 * day };
    await tls.look();
    expect(tls.current().issued).toBe('expires-soon');
  });

  it('W4c tells a person who invites the fingerprint that a new device compares its root with', async () => {
    const ada = await signUp(server.origin, 'ada');
    const { body } = await ada.ask('POST', '/api/invitations', { json: { uses: 1, days: 1 } });
    expect(body).toEqual(jasmine.objectContaining({ fingerprint: new X509Certificate(pem()).fingerprint256 }));
  });

  it('serves under a new root as soon as there is one, and says what that means', async () => {
    const old = pem();
    await makeRoot(machine);
    await tls.look();
    expect(pem()).not.toBe(old);
    expect(await shown(pem())).toContain('192.168.1.20');
    await expectAsync(shown(old)).toBeRejected();
    expect(logged).toContain(jasmine.stringContaining('must trust it anew'));
  });

  it('makes no new root where the old one was lost, and serves on', async () => {
    const old = tls.current().cert;
    await rename(join(directory, 'root.pem'), join(directory, 'away'));
    await tls.look();
    await tls.look();
    expect(tls.current().cert).toBe(old);
    expect(
      logged.filter(line => /root\.pem is gone: restore it.*older certificate is served on/.test(line)).length,
    ).toBe(1);
    await rename(join(directory, 'away'), join(directory, 'root.pem'));
    await tls.look();
    expect(tls.current().cert).toBe(old);
  });

  it('serves the older one on where the root is half-written, foreign or the clock is wrong, and says why', async () => {
    const old = tls.current().cert;
    const text = await readFile(join(directory, 'root.pem'), 'utf8');
    await writeFile(join(directory, 'root.pem'), text.slice(0, 120));
    await tls.look();
    expect(logged.at(-1)).toMatch(/root\.pem is incomplete/);
    await writeFile(join(directory, 'root.pem'), text);
    machine = { ...machine, now: 0, notBefore: day };
    await tls.look();
    expect(logged.at(-1)).toMatch(/This machine's clock says 1970-01-01/);
    expect(tls.current().cert).toBe(old);
    expect(await shown(pem())).toContain('192.168.1.20');
  });

  it('serves the older one on where the folder has become unwritable, and says so once', async () => {
    const old = tls.current().cert;
    const inTheWay = join(directory, 'file');
    await writeFile(inTheWay, '');
    machine = { ...machine, directory: join(inTheWay, 'certs') };
    await tls.look();
    await tls.look();
    expect(tls.current().cert).toBe(old);
    expect(logged.filter(line => line.startsWith('Parley cannot')).length).toBe(1);
  });

  it("reads one's own certificate anew when it changes on disk, and keeps the older one while it is broken", async () => {
    const [cert, key] = [join(directory, 'own.pem'), join(directory, 'own-key.pem')];
    const write = async (names: string[]) => {
      const made = await openCertificates({ ...machine, hosts: names, renew: true });
      await writeFile(cert, made.cert);
      await writeFile(key, made.key);
    };
    await write(['one.lan']);
    const own = await watchCertificates({
      open: () => openOwnCertificate({ cert, key }, Date.now()),
      log,
      timers: time,
    });
    expect(own.current().names).toContain('one.lan');
    await write(['two.lan']);
    await own.look();
    expect(own.current().names).toContain('two.lan');
    await writeFile(key, '');
    await own.look();
    expect(own.current().names).toContain('two.lan');
    expect(logged.at(-1)).toMatch(/TLS_KEY .* is not in PEM or not complete\. The older certificate is served on/);
    own.stop();
  });
});
