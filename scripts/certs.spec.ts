import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../backend/src/log.ts';
import { ManualTime } from '../backend/src/testing/manual-time.ts';
import { environmentOfSpecs } from '../backend/src/testing/process.ts';
import { openCertificates } from '../backend/src/tls/certificates.ts';
import { thisMachine } from '../backend/src/tls/this-machine.ts';
import { LOOK_MS, watchCertificates, type WatchedCertificates } from '../backend/src/tls/watch.ts';

/** Each of them starts processes, which takes its time on a busy machine. */
const PATIENCE_MS = 60_000;
const CERTS = join(import.meta.dirname, 'certs.ts');

describe('npm run certs', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-certs-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  type Said = { code: number; out: string };
  const certs = (args: string[] = [], environment: Record<string, string> = {}): Promise<Said> => {
    const env = { ...environmentOfSpecs(), CERTS_DIR: join(directory, 'certs'), ...environment };
    const { promise, resolve } = Promise.withResolvers<Said>();
    const child = execFile(process.execPath, [CERTS, ...args], { env, cwd: directory }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, out: stdout + stderr }),
    );
    child.stdin?.end();
    return promise;
  };
  const start = async () => {
    const machine = await thisMachine({ certsDir: join(directory, 'certs'), hosts: [] });
    return openCertificates(machine);
  };

  it(
    'says that there is nothing before the first start, and makes nothing',
    async () => {
      expect(await certs()).toEqual({ code: 0, out: 'There are no certificates yet: the first start makes them.\n' });
      for (const command of ['renew', 'export'])
        expect(await certs([command])).toEqual({ code: 1, out: 'There is no root yet: the first start makes it.\n' });
      expect(await readdir(directory)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'shows names, dates, the fingerprint that phones show, and where everything is',
    async () => {
      const { names, root } = await start();
      const { code, out } = await certs();
      expect(code).toBe(0);
      for (const part of [names.join(', '), root!.fingerprint, root!.localName, '10.0.0.0/8', 'days left'])
        expect(out).toContain(part);
      for (const file of ['root.crt', 'root.pem', 'server.pem']) expect(out).toContain(join(directory, 'certs', file));
      expect(root!.fingerprint).toBe(new X509Certificate(root!.der).fingerprint256);
    },
    PATIENCE_MS,
  );

  it(
    'exports the root for other devices, in both encodings and never with a key',
    async () => {
      const { root } = await start();
      const { out } = await certs(['export', 'out']);
      expect(out).toContain(root!.fingerprint);
      expect((await readdir(join(directory, 'out'))).sort()).toEqual(['parley-root.crt', 'parley-root.pem']);
      expect(await readFile(join(directory, 'out', 'parley-root.crt'))).toEqual(root!.der);
      for (const name of ['parley-root.crt', 'parley-root.pem'])
        expect(await readFile(join(directory, 'out', name), 'latin1')).not.toMatch(/PRIVATE|KEY/);
      expect(await readFile(join(directory, 'out', 'parley-root.pem'), 'utf8')).toBe(root!.pem);
    },
    PATIENCE_MS,
  );

  describe('beside a server that runs', () => {
    let watched: WatchedCertificates;
    let time: ManualTime;
    beforeEach(async () => {
      time = new ManualTime();
      const machine = { certsDir: join(directory, 'certs'), hosts: [] };
      const open = async (isStart: boolean) =>
        openCertificates({ ...(await thisMachine(machine)), mayMakeRoot: isStart });
      watched = await watchCertificates({ open, log: createLog('silent'), timers: time });
    });
    afterEach(() => watched.stop());
    /** The certificate that is served next. */
    const served = async () => {
      const changed = new Promise<string>(resolve => watched.onChange(({ cert }) => resolve(cert)));
      time.pass(LOOK_MS);
      return changed;
    };

    it(
      'renews, which the server notices',
      async () => {
        const before = watched.current();
        expect((await certs(['renew'])).out).toMatch(/^A new certificate until \d{4}-\d\d-\d\d for localhost, /);
        expect(await served()).not.toBe(before.cert);
        expect(watched.current().root?.hash).toBe(before.root?.hash);
      },
      PATIENCE_MS,
    );

    it(
      'makes a new root where that is said twice, which the server notices',
      async () => {
        const before = watched.current();
        const asked = await certs(['new-root']);
        expect(asked).toEqual({
          code: 1,
          out: jasmine.stringMatching(/Every phone .* must trust the new one.*Say so with --yes/),
        });
        expect((await readFile(join(directory, 'certs', 'root.crt'))).equals(before.root!.der)).toBeTrue();
        const made = await certs(['new-root', '--yes']);
        expect(made).toEqual({
          code: 0,
          out: jasmine.stringMatching(/Every phone and browser .* must trust the new one/),
        });
        await served();
        expect(watched.current().root?.hash).not.toBe(before.root?.hash);
        expect(await readFile(join(directory, 'certs', 'root.crt'))).toEqual(watched.current().root!.der);
        expect((await stat(join(directory, 'certs', 'root.pem'))).mode & 0o777).toBe(0o600);
      },
      PATIENCE_MS,
    );
  });

  it(
    'mends with a new root what was cut short, and names it before',
    async () => {
      await start();
      await writeFile(join(directory, 'certs', 'root.pem'), 'half');
      expect(await certs()).toEqual({ code: 1, out: jasmine.stringMatching(/root\.pem is incomplete.*new-root/) });
      expect((await certs(['new-root', '--yes'])).code).toBe(0);
      expect((await certs()).code).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    "shows one's own certificate and leaves it alone",
    async () => {
      const { cert, key } = await start();
      await writeFile(join(directory, 'own.pem'), cert);
      await writeFile(join(directory, 'key.pem'), key);
      const own = { TLS_CERT: join(directory, 'own.pem'), TLS_KEY: join(directory, 'key.pem') };
      expect((await certs([], own)).out).toMatch(/by TLS_CERT\n\s+names\s+localhost/);
      for (const command of ['renew', 'export', 'new-root'])
        expect(await certs([command], own)).toEqual({ code: 1, out: jasmine.stringMatching(/somebody else issues/) });
      expect((await certs(['renew'], { TLS: 'off' })).out).toBe('TLS=off: the proxy has the certificate.\n');
    },
    PATIENCE_MS,
  );

  it(
    'says how it is used where it is asked for something else',
    async () => {
      for (const args of [['nope'], ['constructor'], ['renew', 'x'], ['export', 'a', 'b']])
        expect(await certs(args)).toEqual({ code: 1, out: jasmine.stringMatching(/^npm run certs +what there is/) });
      expect(await certs([], { TLS: 'maybe' })).toEqual({ code: 1, out: 'TLS must be one of on, off.\n' });
    },
    PATIENCE_MS,
  );
});
