import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { linksOf, type Link } from './lan/links.ts';
import { endAll, environmentOfSpecs, run, said } from './testing/process.ts';

const PATIENCE_MS = 120_000;

describe('the certificate of a process', () => {
  let directory: string;
  let environment: Record<string, string>;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-main-tls-'));
    const folders = { DATA_DIR: join(directory, 'data'), CERTS_DIR: join(directory, 'certs') };
    environment = { ...folders, OPS_LISTEN: '127.0.0.1:0', HTTPS_PORT: '0', HTTP_PORT: '0' };
  });
  afterEach(async () => {
    await endAll();
    await rm(directory, { recursive: true });
  });

  const serialOf = (port: number): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    }).on('error', reject);
    return promise;
  };

  it(
    'is served anew without a restart after npm run certs -- renew',
    async () => {
      const server = run(environment);
      const port = Number((await said(server, /"https":(\d+)/))[1]);
      const before = await serialOf(port);
      const script = join(import.meta.dirname, '..', '..', 'scripts', 'certs.ts');
      const env = { ...environmentOfSpecs(), CERTS_DIR: environment['CERTS_DIR'] };
      await new Promise(resolve => execFile(process.execPath, [script, 'renew'], { env }, resolve));
      await said(server, /"msg":"certificate read anew"/);
      await said(server, /"msg":"reached at"/);
      expect(await serialOf(port)).not.toBe(before);
    },
    PATIENCE_MS,
  );

  it(
    'stops a start with a sentence where it cannot be made, written or read',
    async () => {
      await writeFile(join(directory, 'file'), '');
      await mkdir(join(directory, 'half'));
      await writeFile(join(directory, 'half', 'root.pem'), '-----BEGIN PRIVATE KEY-----\nMIGHAg');
      const built = { timestamp: Date.now() + 3_600_000 };
      await writeFile(join(directory, 'ngsw.json'), JSON.stringify(built));
      const cases: [Record<string, string>, RegExp][] = [
        [{ CERTS_DIR: join(directory, 'file', 'certs') }, /^Parley cannot read .*certs\/root\.pem \(ENOTDIR\)\.$/],
        [{ CERTS_DIR: join(directory, 'half') }, /^.*half\/root\.pem is incomplete\. Restore it .*new-root/],
        [{ APP_DIR: directory }, /^This machine's clock says [-\d]+, but Parley was built later: set the clock/],
        [{ TLS_CERT: '/none.pem', TLS_KEY: '/none.pem' }, /^TLS_CERT names \/none\.pem, which cannot be read\.$/],
      ];
      for (const [wrong, sentence] of cases) {
        const failed = run({ ...environment, ...wrong, LOG_LEVEL: 'error' });
        expect(await failed.exit).toBe(1);
        expect(failed.output().trim().split('\n')).toEqual([jasmine.stringMatching(sentence)]);
      }
    },
    PATIENCE_MS,
  );

  it(
    'has a name that the LAN is told, and that is printed first',
    async () => {
      const server = run({ ...environment, MDNS: 'on' });
      const [, list = '[]'] = await said(server, /"names":(\[[^\]]*\]),"reason":"missing"/);
      await said(server, /"msg":"listening"/);
      const names = (JSON.parse(list) as string[]).filter(name => name !== '127.0.0.1');
      const links = linksOf(networkInterfaces(), names, process.platform);
      if (links.length === 0) pending('needs a LAN address');
      // What a bare socket can do there decides which of both must be said.
      const isAnswered = (await Promise.all(links.map(canMulticast))).includes(true);
      expect(server.output()).toMatch(
        isAnswered
          ? /parley-[a-z]{4}\.local is answered for on/
          : /parley-[a-z]{4}\.local is not answered for on .* Addresses are used/,
      );
      // It stands before every address, wherever the start says where to begin.
      const told = server.output().slice(server.output().indexOf('Parley is at'));
      const named = [...told.matchAll(/https?:\/\/([^/\s:]+|\[[^\]]+\])(?=[:/\s])/g)].map(found => found[1]);
      const others = named.filter(name => name !== 'localhost');
      expect(/^parley-[a-z]{4}\.local$/.test(others[0] ?? '')).toBe(isAnswered);
      server.process.kill('SIGTERM');
      expect(await server.exit).toBe(0);
    },
    PATIENCE_MS,
  );
});

/** Whether the system lets a socket join the group of mDNS on this link and send to it (RFC 6762, 3). */
async function canMulticast({ family, through }: Link): Promise<boolean> {
  const [type, group] = family === 'IPv4' ? (['udp4', '224.0.0.251'] as const) : (['udp6', 'ff02::fb'] as const);
  const socket = createSocket({ type, reuseAddr: true, ipv6Only: type === 'udp6' });
  try {
    socket.bind(5353);
    await once(socket, 'listening');
    socket.addMembership(group, through);
    socket.setMulticastInterface(through);
    await new Promise<void>((resolve, reject) =>
      socket.send('no packet of mDNS', 5353, group, error => (error ? reject(error) : resolve())),
    );
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
