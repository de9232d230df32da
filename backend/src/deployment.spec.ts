import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { whereIs } from '../../scripts/tools.mjs';
import { suiteOnMongo } from './testing/mongo.ts';
import { Processes, type Process } from './testing/processes.ts';
import { TestClient } from './testing/test-client.ts';

const LIMIT_MS = 120_000;
/** The name in DEPLOYMENT.md. */
const NAME = 'parley.example';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** What DEPLOYMENT.md says under a heading, in its block of code. */
async function blockOf(heading: string): Promise<string> {
  const page = await readFile(join(import.meta.dirname, '..', 'DEPLOYMENT.md'), 'utf8');
  const block = new RegExp(`## ${heading}\\n+\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (block === undefined) throw new Error(`DEPLOYMENT.md has no block under ${heading}`);
  return block;
}

/** Each must be there, or the page was changed and this spec was not. */
function withReplaced(text: string, replaced: readonly (readonly [string, string])[]): string {
  return replaced.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`DEPLOYMENT.md does not say ${from}`);
    return changed.replaceAll(from, to);
  }, text);
}

suiteNeeds(['redis', 'openssl', 'nginx', 'caddy'], 'The proxies of DEPLOYMENT.md', () => {
  suiteOnMongo('before two processes', () => {
    let directory: string;
    let processes: Processes;
    let proxy: ChildProcess | undefined;
    let said = '';
    let port: number;
    let ca: string;
    let [one, two]: Process[] = [];

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'parley-proxy-'));
      const names = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME},IP:127.0.0.1`];
      const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
      const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
      await promisify(execFile)(whereIs('openssl')!, [...made, ...names, ...files]);
      ca = await readFile(join(directory, 'cert.pem'), 'utf8');
      processes = await Processes.open();
    }, LIMIT_MS);
    beforeEach(async () => {
      port = await freePort();
      const env = { PUBLIC_ORIGIN: `https://${NAME}:${port}`, HOSTS: '127.0.0.1', TRUSTED_PROXIES: '127.0.0.1' };
      [one, two] = await Promise.all([processes.start(env), processes.start(env)]);
      said = '';
    }, LIMIT_MS);
    afterEach(async () => {
      proxy?.kill();
      if (proxy) await once(proxy, 'close');
      for (const { run } of [one!, two!]) run.process.kill();
      await Promise.all([one!, two!].map(({ run }) => run.exit));
    }, LIMIT_MS);
    afterAll(async () => {
      await processes.close();
      await rm(directory, { recursive: true });
    }, LIMIT_MS);

    function start(command: string, args: string[]): void {
      proxy = spawn(command, args, { env: { ...process.env, HOME: directory, XDG_DATA_HOME: directory } });
      for (const stream of [proxy.stdout, proxy.stderr]) stream?.on('data', chunk => (said += String(chunk)));
    }

    const startNginx = async () => {
      const site = withReplaced(await blockOf('nginx'), [
        ['127.0.0.1:8081', `127.0.0.1:${one!.http}`],
        ['127.0.0.1:8082', `127.0.0.1:${two!.http}`],
        ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
        ['/etc/ssl/parley.pem', join(directory, 'cert.pem')],
        ['/etc/ssl/parley.key', join(directory, 'key.pem')],
      ]);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const paths = temporary.map(name => `${name}_temp_path ${join(directory, name)};`).join('\n');
      const file = join(directory, 'nginx.conf');
      await writeFile(file, `events {}\nhttp {\naccess_log off;\n${paths}\n${site}}\n`);
      start(whereIs('nginx')!, [
        '-p',
        directory,
        '-c',
        file,
        '-g',
        `daemon off; pid ${directory}/pid; error_log stderr;`,
      ]);
    };
    const startCaddy = async () => {
      const site = withReplaced(await blockOf('Caddy'), [
        ['127.0.0.1:8081', `127.0.0.1:${one!.http}`],
        ['127.0.0.1:8082', `127.0.0.1:${two!.http}`],
        [
          `${NAME} {`,
          `https://${NAME}:${port}, https://127.0.0.1:${port} {\n  tls ${directory}/cert.pem ${directory}/key.pem`,
        ],
      ]);
      const file = join(directory, 'Caddyfile');
      await writeFile(file, `{\n  admin off\n  auto_https off\n}\n${site}`);
      start(whereIs('caddy')!, ['run', '--config', file, '--adapter', 'caddyfile']);
    };

    const get = (path: string) =>
      new Promise<number>(resolve => {
        const headers = { Host: `${NAME}:${port}` };
        const options = { host: '127.0.0.1', port, path, ca, servername: NAME, headers };
        request(options, response => resolve(response.resume().statusCode ?? 0))
          .on('error', () => resolve(0))
          .end();
      });
    /** How many sessions a process says it has. */
    const sessions = async ({ ops }: Process) => {
      const metrics = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
      return Number(/^parley_sessions(?:\{.*\})? (\d+)$/m.exec(metrics)?.[1] ?? NaN);
    };

    for (const [name, begin] of [
      ['nginx', startNginx],
      ['Caddy', startCaddy],
    ] as const)
      it(
        `${name} brings requests and sockets to both, and to the other one while one is restarted`,
        async () => {
          await begin();
          const deadline = Date.now() + 30_000;
          while ((await get('/api/installation')) !== 200)
            if (Date.now() > deadline || proxy?.exitCode !== null) throw new Error(`${name} does not serve:\n${said}`);
          const lines: TestClient[] = [];
          for (let i = 0; i < 6; i++) {
            const person = await processes.people.person(`${name.toLowerCase()}-${i}`);
            const line = new TestClient(`wss://127.0.0.1:${port}`, { ca });
            expect((await line.hello(person.token())).how).toBe('new');
            lines.push(line);
          }
          const [here, there] = [await sessions(one!), await sessions(two!)];
          expect(here + there).toBe(6);
          expect(Math.min(here, there)).toBeGreaterThan(0);
          one!.run.process.kill('SIGTERM');
          expect(await one!.run.exit).toBe(0);
          for (let i = 0; i < 10; i++) expect(await get('/api/installation')).toBe(200);
          for (const line of lines) line.cut();
        },
        LIMIT_MS,
      );
  });
});
