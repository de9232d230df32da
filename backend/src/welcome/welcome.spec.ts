import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawRequest, type Raw } from '../testing/raw-request.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { openCertificates, type Certificates } from '../tls/certificates.ts';
import { unchanging } from '../tls/served.ts';
import { derivedUuid, mobileconfig } from './mobileconfig.ts';
import { createWelcome } from './welcome.ts';

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1';

describe('The welcome page', () => {
  let directory: string;
  let tls: Certificates;
  let server: TestServer;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-welcome-'));
    await mkdir(join(directory, 'welcome'));
    await writeFile(join(directory, 'welcome', 'welcome.js'), '"built"');
    tls = await openCertificates({
      directory: join(directory, 'certs'),
      hostName: 'nas',
      hosts: [],
      now: Date.now(),
      notBefore: 0,
      addresses: [{ network: 'eth0', address: '192.168.1.20', temporary: false }],
    });
    const env = { TLS: 'on', INSTALLATION_NAME: 'Ada & <Bob>' };
    server = await startTestServer({
      env,
      tls: unchanging(tls),
      localName: () => tls.root!.localName,
      appDir: join(directory, 'app'),
    });
  });
  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });

  const ask = (path = '/', headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> =>
    rawRequest(server.port, method, path, { host: `192.168.1.20:${server.port}`, ...headers });
  const securePort = async (): Promise<number> =>
    Number(/https:\/\/192\.168\.1\.20:(\d+)\/sign-up/.exec((await ask()).text)?.[1]);

  it('W1a, W1c, R3a is what every other device gets on plain http, by any of the installation’s names, and never the app', async () => {
    for (const host of ['192.168.1.20', '127.0.0.1:1', '[::1]:80', 'nas', 'NAS.local:8080', 'localhost.']) {
      const { status, headers, text } = await ask('/', { host });
      expect(status).withContext(host).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(text).toContain('Trust this server, once');
    }
    for (const path of ['/api/installation', '/index.html', '/sign-up', '/trust', '/..%2f..%2fpackage.json', '//x']) {
      expect((await ask(path)).status)
        .withContext(path)
        .toBe(404);
    }
    expect((await ask('/', {}, 'POST')).status).toBe(404);
    expect((await ask('/', {}, 'HEAD')).status).toBe(200);
  });

  it('W1b is nothing for those who call it by another name', async () => {
    for (const host of ['evil.example', '192.168.1.99', 'nas.evil.example', 'nas@evil.example']) {
      const { status, headers, text } = await ask('/', { host });
      expect(status).withContext(host).toBe(421);
      expect(headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(text).type).toBe('misdirected-request');
    }
  });

  it('W1c refuses an upgrade', async () => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    expect((await ask('/signalingsocket', upgrade)).status).toBe(404);
  });

  it('speaks the language of the browser, or the one that was chosen', async () => {
    const german = { 'accept-language': 'de-DE,de;q=0.9,en;q=0.5' };
    expect((await ask('/', german)).text).toContain('<html lang="de">');
    expect((await ask('/?lang=en', german)).text).toContain('<html lang="en">');
    expect((await ask('/')).headers['vary']).toBe('Accept-Language, User-Agent');
  });

  it('shows the guide of the system, with the number of taps at its start', async () => {
    const { text } = await ask('/', { 'user-agent': PHONE });
    expect(text).toMatch(/At most 14 taps in the settings, 3 here\./);
    expect(text.indexOf('At most 14 taps')).toBeLessThan(text.indexOf('class="steps"'));
    expect((await ask('/?system=linux-firefox', { 'user-agent': PHONE })).text).toContain('At most 2 taps');
    expect((await ask('/', { 'user-agent': `${PHONE} CriOS/1` })).text).toContain('Open this address in Safari');
  });

  it('asks the canonical origin first, then the one by which it was called, and “done” leads to the latter', async () => {
    const port = await securePort();
    const { text, headers } = await ask();
    const [first, ...others] = /data-ask="([^"]*)"/.exec(text)![1]!.split(' ');
    expect(first).toBe(`https://${tls.root!.localName}:${port}`);
    expect(others).toEqual([`https://192.168.1.20:${port}`]);
    expect(headers['content-security-policy']).toContain(`connect-src ${first} https://192.168.1.20:${port};`);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect((await ask('/', { host: '[::1]' })).headers['content-security-policy']).toContain('connect-src https:;');
  });

  it('shows nothing secret, and escapes what people have chosen', async () => {
    const { text } = await ask();
    const root = new X509Certificate(tls.root!.pem);
    for (const secret of [tls.root!.hash, root.fingerprint256, root.fingerprint256.replaceAll(':', '').toLowerCase()])
      expect(text).not.toContain(secret);
    expect(text).toContain('Ada &amp; &lt;Bob&gt;');
    expect(text).not.toContain('<Bob>');
    expect(text).not.toMatch(/<script(?! src="\/welcome\.js" defer><\/script>)/);
    expect((await ask('/?lang=%22%3E%3Cscript%3E&system=%22%3E%3Cscript%3E')).text).not.toContain('"><script>');
  });

  it('brings its script, and none where the app was never built', async () => {
    const { text, headers } = await ask('/welcome.js');
    expect([text, headers['content-type']]).toEqual(['"built"', 'text/javascript; charset=utf-8']);
    expect((await ask('/welcome.css')).status).toBe(404);
  });

  it('W2a hands out the root as a certificate', async () => {
    const { status, headers } = await ask('/parley.crt');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/x-x509-ca-cert');
    expect(headers['content-disposition']).toBe('attachment; filename="parley.crt"');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const answer = await fetch(`http://127.0.0.1:${server.port}/parley.crt?import`);
    expect(answer.headers.has('content-disposition')).toBe(false);
    const der = new X509Certificate(Buffer.from(await answer.arrayBuffer()));
    expect(der.fingerprint256).toBe(new X509Certificate(tls.root!.pem).fingerprint256);
  });

  it('W2b hands out the root as a profile that replaces itself', async () => {
    const first = await ask('/parley.mobileconfig');
    expect(first.headers['content-type']).toBe('application/x-apple-aspen-config');
    expect(first.text).toBe((await ask('/parley.mobileconfig')).text);
    expect(first.text).toContain('<string>Ada &amp; &lt;Bob&gt;</string>');
    const uuids = first.text.match(/[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}/g);
    expect(uuids).toEqual([derivedUuid(tls.root!.hash, 'profile'), derivedUuid(tls.root!.hash, 'root')]);
    expect(derivedUuid('00', 'root')).not.toBe(derivedUuid('01', 'root'));
    const data = /<data>([^<]*)<\/data>/.exec(first.text)![1]!;
    expect(new X509Certificate(Buffer.from(data, 'base64')).ca).toBe(true);
  });

  it('W3a says on https to any page that the certificate is trusted', async () => {
    const answer = await fetch(`${server.origin}/trust`);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('W3b leads an app without trust back to the steps, which lead on no one by themselves', async () => {
    const port = await securePort();
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
    const host = `192.168.1.20:${port}`;
    const asked = { host: 'localhost', port, path: '/trust/steps', ca: tls.root!.pem, headers: { host }, agent: false };
    secureRequest(asked, response => resolve(response.resume().headers.location))
      .on('error', reject)
      .end();
    expect(await promise).toBe(`http://192.168.1.20:${server.port}/?missing`);
    const { status, text } = await ask('/?missing');
    expect(status).toBe(200);
    expect(text).toContain('data-missing="true"');
    expect(text).toContain('This browser opened Parley');
  });
});

describe('A certificate of one’s own', () => {
  it('needs no steps: the page only leads on, and there is no root to be had', async () => {
    const { server, stop } = await listen({ root: () => undefined });
    const { text } = await rawRequest(server, 'GET', '/', { host: 'chat.example.org' });
    expect(text).toContain('Parley has a safe address');
    expect(text).toContain('href="https://chat.example.org/sign-up"');
    expect((await rawRequest(server, 'GET', '/parley.crt', { host: 'chat.example.org' })).status).toBe(404);
    await stop();
  });
});

describe('A stranger on the welcome port', () => {
  for (const address of ['203.0.113.9', '::ffff:8.8.8.8', '2001:db8::1', '100.64.0.1', '']) {
    it(`W1a is refused and told nothing: ${address}`, async () => {
      const { server, stop } = await listen({ from: address });
      for (const path of ['/', '/parley.crt', '/parley.mobileconfig', '/welcome.js']) {
        const { status, headers, text } = await rawRequest(server, 'GET', path, { host: 'chat.example.org' });
        expect(status).toBe(403);
        expect(headers['content-type']).toBe('application/problem+json');
        expect(JSON.parse(text)).toEqual({ type: 'forbidden', title: 'This is not allowed', status: 403 });
        expect(headers['connection']).toBe('close');
      }
      await stop();
    });
  }

  for (const address of ['10.1.2.3', '::ffff:192.168.1.9', 'fe80::1%eth0', 'fd00::2', '169.254.3.4']) {
    it(`W1a is not who comes from ${address}`, async () => {
      const { server, stop } = await listen({ from: address });
      expect((await rawRequest(server, 'GET', '/', { host: 'chat.example.org' })).status).toBe(200);
      await stop();
    });
  }
});

/** The page on a port of its own, to which everybody seems to come `from` an address. */
async function listen(options: {
  from?: string;
  root?: () => undefined;
}): Promise<{ server: number; stop(): Promise<void> }> {
  const all = () => ['https://chat.example.org'];
  const origins = { all, reachable: all, knowsHost: () => true, byAddress: () => undefined };
  const { from, root = () => undefined } = options;
  const server: Server = createServer(createWelcome({ name: 'Parley', origins, root, directory: tmpdir() }));
  if (from !== undefined)
    server.prependListener('connection', socket => Object.defineProperty(socket, 'remoteAddress', { value: from }));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    server: (server.address() as AddressInfo).port,
    stop: () => new Promise(resolve => void server.close(() => resolve())),
  };
}

describe('A profile', () => {
  it('is well-formed, whatever the installation is called', () => {
    const root = { hash: 'ab'.repeat(32), der: Buffer.from([1, 2, 3]) };
    for (const name of ['Parley', ']]></string>&amp;<!--', 'Küche 🍲', 'a\u0000b\u001f']) {
      const [, body = ''] = mobileconfig(name, root).split('.dtd">\n');
      // Innermost elements vanish until nothing is left: every tag has its partner, and no text has a sign of its own.
      let [rest, before] = [body.replace(/<(true|false)\/>/g, ''), ''];
      while (rest !== before)
        [rest, before] = [rest.replace(/<(\w+)(?: version="1\.0")?>(?:[^<>&]|&\w+;|&#39;)*<\/\1>/g, ''), rest];
      expect(rest.trim()).toBe('');
      expect(body).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    }
  });
});
