import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { openBrowser } from '../testing/browser.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

describe('the built app', () => {
  const INDEX = '<!doctype html><base href="/"><title>Parley</title>';
  let server: TestServer;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-app-'));
    await mkdir(join(directory, 'sounds'));
    await writeFile(join(directory, 'index.html'), INDEX);
    await writeFile(join(directory, 'index.html.br'), brotliCompressSync(INDEX));
    await writeFile(join(directory, 'main-ABCD2345.js'), 'export {};');
    await writeFile(join(directory, 'main-ABCD2345.js.br'), brotliCompressSync('export {};'));
    await writeFile(join(directory, 'chunk-CUl_p5-y.js'), 'export {};');
    await writeFile(join(directory, 'worker-ABCD2345.js'), 'export {};');
    await writeFile(join(directory, 'worker-ABCD2345.js.br'), brotliCompressSync('export {};'));
    await mkdir(join(directory, 'media'));
    await writeFile(join(directory, 'media', 'library-ABCD2345.wasm'), '\0asm');
    await writeFile(join(directory, 'ngsw-worker.js'), 'export {};');
    await writeFile(join(directory, 'ngsw.json'), '{}');
    await writeFile(join(directory, '.hidden'), 'x');
    server = await startTestServer({ appDir: directory });
  });
  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });
  const get = (path: string) =>
    openBrowser(server.origin).ask('GET', path, { headers: { 'accept-encoding': 'br, gzip' } });

  it('R14c is served to every deep link, compressed, and asked for again each time', async () => {
    for (const path of ['/', '/chats', '/chats/8e8d4c6e-0000-4000-8000-000000000000?x=1.5', '/index.html', '/sounds']) {
      const { status, headers, text } = await get(path);
      expect(status).withContext(path).toBe(200);
      expect(text).withContext(path).toBe(INDEX);
      expect(headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/i);
      expect(headers.get('content-encoding')).withContext(path).toBe('br');
      expect(headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('R14c lets a browser keep what is named after its content, and nothing else', async () => {
    const main = await get('/main-ABCD2345.js');
    expect(main.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(main.headers.get('content-type')).toMatch(/javascript/);
    expect((await get('/chunk-CUl_p5-y.js')).headers.get('cache-control')).toMatch(/immutable/);
    const library = await get('/media/library-ABCD2345.wasm');
    expect(library.headers.get('cache-control')).toMatch(/immutable/);
    expect(library.headers.get('content-type')).toBe('application/wasm');
    for (const path of ['/ngsw.json', '/ngsw-worker.js'])
      expect((await get(path)).headers.get('cache-control'))
        .withContext(path)
        .toBe('no-cache');
  });

  it('R14c is served plain to who takes no brotli', async () => {
    const { headers, text } = await rawRequest(server.port, 'GET', '/', { host: 'localhost' });
    expect([headers['content-encoding'], text]).toEqual([undefined, INDEX]);
  });

  it('R14e has a policy of its own for a worker’s script, compressed or not, and for nothing else', async () => {
    const policyOf = async (path: string, coding: string) => {
      const { headers } = await openBrowser(server.origin).ask('GET', path, { headers: { 'accept-encoding': coding } });
      return headers.get('content-security-policy');
    };
    for (const coding of ['br', 'identity']) {
      expect(await policyOf('/worker-ABCD2345.js', coding)).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
      );
      for (const path of ['/', '/main-ABCD2345.js', '/ngsw-worker.js', '/worker-missing.js'])
        expect(await policyOf(path, coding))
          .withContext(path)
          .not.toContain('wasm');
    }
  });

  it('R14d has nothing that is not in its folder, and says so', async () => {
    for (const path of [
      '/missing.js',
      '/main-00000000.js',
      '/.hidden',
      '/../package.json',
      '/%2e%2e/%2e%2e/etc/passwd.txt',
      '/..%5c..%5cx.txt',
      '/api/missing',
      '/api',
    ]) {
      const { status, text } = await rawRequest(server.port, 'GET', path, { host: 'localhost' });
      expect(status).withContext(path).toBeGreaterThanOrEqual(400);
      expect(status).withContext(path).toBeLessThan(500);
      expect(text).toContain('"type":');
    }
  });

  it('R14d is not to be written to', async () => {
    expect((await openBrowser(server.origin).ask('POST', '/', { json: {} })).status).toBe(404);
    expect((await openBrowser(server.origin).ask('DELETE', '/api/me/nothing')).status).toBe(404);
    // Which would send back the cookie that it came with (RFC 9110, 9.3.8).
    for (const path of ['/', '/api/installation'])
      expect((await rawRequest(server.port, 'TRACE', path, { host: 'localhost' })).status).toBe(403);
  });
});
