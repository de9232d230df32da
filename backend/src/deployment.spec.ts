import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { openBrowser, signIn, signUp } from './testing/browser.ts';
import { endAll, run, said, type Run } from './testing/process.ts';
import { blockOf, fetchBy, NAME, Proxy, route, type ProxyName } from './testing/proxies.ts';
import { TestClient } from './testing/test-client.ts';
import { openCertificates } from './tls/certificates.ts';

const DAY_MS = 86_400_000;
const PUBLIC = `https://${NAME}`;
const PAGE = '<!doctype html><base href="/"><title>Parley</title>';

/** An address of loopback for this run alone, and ports below those that the system hands out: nothing else listens there. */
const ADDRESS = `127.${64 + ((process.pid >> 16) & 63)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;
const FIRST_PORT = 20_443;

/** The variables of DEPLOYMENT.md that concern what stands before a process; the others name engines and folders. */
async function environmentOfThePage(): Promise<Record<string, string>> {
  const block = await blockOf('What each process is given');
  const wanted = ['PUBLIC_ORIGIN', 'TLS', 'LISTEN', 'TRUSTED_PROXIES', 'MDNS'];
  const all = Object.fromEntries([...block.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
  return Object.fromEntries(wanted.map(name => [name, all[name] ?? '']));
}

for (const [index, name] of (['nginx', 'Caddy'] as const satisfies readonly ProxyName[]).entries())
  suiteNeeds([name === 'nginx' ? 'nginx' : 'caddy'], `The configuration of ${name} in DEPLOYMENT.md`, () => {
    let directory: string;
    let server: Run;
    let proxy: Proxy;
    let ca: string;

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'parley-proxy-'));
      const app = join(directory, 'app');
      await mkdir(app);
      await writeFile(join(app, 'index.html'), PAGE);
      const now = Date.now();
      const named = { hostName: 'proxy', addresses: [], hosts: [NAME], now, notBefore: now - DAY_MS };
      const { cert, key, root } = await openCertificates({ directory: join(directory, 'certs'), ...named });
      ca = root!.pem;
      await Promise.all([
        writeFile(join(directory, 'cert.pem'), cert),
        writeFile(join(directory, 'key.pem'), key, { mode: 0o600 }),
      ]);
      server = run({
        ...(await environmentOfThePage()),
        DATA_DIR: join(directory, 'data'),
        APP_DIR: app,
        HTTP_PORT: '0',
        OPS_LISTEN: '127.0.0.1:0',
      });
      const [, http] = await said(server, /"http":(\d+)\},"opsPort"/);
      // The second of the page's two processes is away.
      const upstreams = [`127.0.0.1:${http}`, `${ADDRESS}:1`] as const;
      proxy = await Proxy.start(name, { directory, address: ADDRESS, port: FIRST_PORT + index, upstreams });
    });
    afterAll(async () => {
      await proxy?.stop();
      await endAll();
      await rm(directory, { recursive: true });
    });

    /** A browser at this address, which calls the proxy by its public name. */
    const browserAt = (from: string) =>
      openBrowser(PUBLIC, new Map(), fetchBy(proxy.places.port, route(proxy.places, from, ca)));
    const lineAt = (from: string) =>
      new TestClient(`wss://${NAME}:${proxy.places.port}`, {
        ...route(proxy.places, from, ca),
        origin: PUBLIC,
        headers: { host: NAME },
      });

    /** Signs in with a wrong password. */
    const guess = (from: string, headers: Record<string, string> = {}) => {
      const json = { username: 'ada', loginSecret: 'x'.repeat(43), deviceName: 'a guess' };
      return browserAt(from).ask('POST', '/api/auth/login', { json, headers });
    };

    it('serves the page at every address of the app, whichever process is asked', async () => {
      for (const path of ['/', '/chats', '/', '/', '/']) {
        const { status, text } = await browserAt('127.0.0.2').ask('GET', path);
        expect([status, text]).withContext(`${path} ${proxy.said}`).toEqual([200, PAGE]);
      }
    });

    it('brings sign-up, sign-in and a session over WebSocket, with a cookie that only https carries', async () => {
      const ada = await signUp(PUBLIC, 'ada', 'Ada', browserAt('127.0.0.2'));
      const bob = await signUp(PUBLIC, 'bob', 'Bob', browserAt('127.0.0.3'));
      expect((await guess('127.0.0.2')).body).toEqual(jasmine.objectContaining({ type: 'wrong-credentials' }));
      expect(server.output()).toMatch(/"address":"127\.0\.0\.2"[^\n]*"msg":"security"/);
      const { accessToken, deviceId, deviceSecret, browser } = await signIn(PUBLIC, 'ada', browserAt('127.0.0.2'));
      const renewed = await browser.ask('POST', '/api/auth/refresh', { json: { deviceId, deviceSecret } });
      expect(renewed.status).toBe(200);
      expect(renewed.headers.get('set-cookie')).toMatch(/^__Host-.*; HttpOnly; Secure; SameSite=Strict$/);

      const line = lineAt('127.0.0.2');
      expect(await line.hello(accessToken)).toEqual(jasmine.objectContaining({ how: 'new' }));
      await line.settled();
      // Frames that the server sends by itself are not buffered by the proxy.
      await bob.ask('POST', '/api/contacts', { json: { userId: ada.id } });
      await line.next('contacts.changed');
      line.cut();
      expect((await line.hello(accessToken)).how).toBe('resumed');
      line.cut();
    });

    it('refuses a page of another origin', async () => {
      const refused = await guess('127.0.0.5', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
      expect(refused.body).toEqual(jasmine.objectContaining({ type: 'forbidden' }));
    });

    it('goes on serving everybody after uploads that break off or are too large', async () => {
      const { places } = proxy;
      for (let i = 0; i < 3; i++) {
        const headers = { host: NAME, origin: PUBLIC, 'content-type': 'application/json', 'content-length': 60_000 };
        const by = { ...route(places, '127.0.0.9', ca), port: places.port, agent: false };
        const broken = request(new URL('/api/auth/login', PUBLIC), { ...by, method: 'POST', headers });
        broken.on('error', () => undefined).flushHeaders();
        const [socket] = (await once(broken, 'socket')) as [TLSSocket];
        await once(socket, 'secureConnect');
        await new Promise<void>(resolve => broken.write('{"username":', () => resolve()));
        broken.destroy();
        const large = browserAt('127.0.0.9').ask('POST', '/api/auth/login', { json: 'x'.repeat(1_000_000) });
        expect((await large).status)
          .withContext(proxy.said)
          .toBe(413);
      }
      for (let i = 0; i < 4; i++) expect((await browserAt('127.0.0.2').ask('GET', '/')).status).toBe(200);
    });

    it('tells the server the address of each person, whom it counts apart, and no address that a person makes up', async () => {
      const ask = async (from: string, headers: Record<string, string> = {}) =>
        (await browserAt(from).ask('POST', '/api/auth/username', { json: { name: 'carol' }, headers })).status;
      let asked = 0;
      while ((await ask('127.0.0.6')) === 200) asked += 1;
      expect(asked).toBe(20);
      expect(await ask('127.0.0.6')).toBe(429);
      for (const forged of ['127.0.0.8', '127.0.0.8, 127.0.0.1', '127.0.0.1'])
        expect(await ask('127.0.0.6', { 'x-forwarded-for': forged }))
          .withContext(forged)
          .toBe(429);
      expect(await ask('127.0.0.7')).toBe(200);
      // The budget of an address that was only made up is whole.
      expect(await ask('127.0.0.8')).toBe(200);
    });
  });
