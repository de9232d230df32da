import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect, type LookupFunction } from 'node:net';
import { join } from 'node:path';
import { whereIs } from '../../../scripts/tools.mjs';

/** The name in DEPLOYMENT.md. */
export const NAME = 'parley.example';

const PAGE = join(import.meta.dirname, '..', '..', 'DEPLOYMENT.md');

/**
 * @param heading of DEPLOYMENT.md
 * @returns the first code block under it
 */
export async function blockOf(heading: string): Promise<string> {
  const [, section = ''] = (await readFile(PAGE, 'utf8')).split(`\n## ${heading}\n`);
  const block = /^```\w*\n([\s\S]*?)^```/m.exec(section.split('\n## ')[0] ?? '')?.[1];
  if (block === undefined) throw new Error(`DEPLOYMENT.md has no code block under ${heading}`);
  return block;
}

/** Each must be there: otherwise the page was changed and the spec was not. */
function withReplaced(text: string, replaced: Record<string, string>): string {
  return Object.entries(replaced).reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`DEPLOYMENT.md does not say ${from}`);
    return changed.replaceAll(from, to);
  }, text);
}

/** What stands in the place of the page's ports, addresses and certificate. */
export type Places = {
  /** A folder of its own, with `cert.pem` and `key.pem`. */
  directory: string;
  /** Where it listens. */
  address: string;
  port: number;
  /** `address:port` of both processes. */
  upstreams: readonly [string, string];
};

type Started = { command: string; args: string[] };

async function nginx({ directory, address, port, upstreams }: Places): Promise<Started> {
  const site = withReplaced(await blockOf('nginx'), {
    '127.0.0.1:8081': upstreams[0],
    '127.0.0.1:8082': upstreams[1],
    'listen 443 ssl': `listen ${address}:${port} ssl`,
    '/etc/ssl/parley.pem': join(directory, 'cert.pem'),
    '/etc/ssl/parley.key': join(directory, 'key.pem'),
  });
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = folders.map(name => `${name}_temp_path ${join(directory, name)};`).join('\n');
  const file = join(directory, 'nginx.conf');
  await writeFile(file, `events {}\nhttp {\naccess_log off;\n${paths}\n${site}}\n`);
  // One process: a worker of another user could not enter the folder.
  const own = `daemon off; master_process off; pid ${directory}/pid; error_log stderr;`;
  return { command: whereIs('nginx') ?? '', args: ['-e', 'stderr', '-p', directory, '-c', file, '-g', own] };
}

async function caddy({ directory, address, port, upstreams }: Places): Promise<Started> {
  const certificate = `${join(directory, 'cert.pem')} ${join(directory, 'key.pem')}`;
  const site = withReplaced(await blockOf('Caddy'), {
    '127.0.0.1:8081': upstreams[0],
    '127.0.0.1:8082': upstreams[1],
    [`${NAME} {`]: `https://${NAME}:${port} {\n  bind ${address}\n  tls ${certificate}`,
  });
  const file = join(directory, 'Caddyfile');
  await writeFile(file, `{\n  admin off\n  auto_https off\n}\n${site}`);
  return { command: whereIs('caddy') ?? '', args: ['run', '--config', file, '--adapter', 'caddyfile'] };
}

/** By the headings of the page. */
const PROXIES = { nginx, Caddy: caddy };
export type ProxyName = keyof typeof PROXIES;

/** A real proxy that runs what DEPLOYMENT.md says. */
export class Proxy {
  readonly places: Places;
  readonly #process: ChildProcess;
  #said = '';

  private constructor(places: Places, { command, args }: Started) {
    this.places = places;
    const { directory } = places;
    const folders = { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory };
    this.#process = spawn(command, args, { env: { PATH: process.env['PATH'], ...folders } });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', chunk => (this.#said += String(chunk)));
  }

  /** @returns one that takes connections */
  static async start(name: ProxyName, places: Places): Promise<Proxy> {
    const proxy = new Proxy(places, await PROXIES[name](places));
    while (!(await isListening(places)))
      if (proxy.#process.exitCode !== null) throw new Error(`${name} does not run: ${proxy.#said}`);
    return proxy;
  }

  /** What it has written to its log. */
  get said(): string {
    return this.#said;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, 'close');
    this.#process.kill('SIGKILL');
    await gone;
  }
}

const isListening = ({ address, port }: Places): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, address);
    const done = (listens: boolean) => {
      socket.destroy();
      resolve(listens);
    };
    socket.on('connect', () => done(true)).on('error', () => done(false));
  });

type Route = { ca: string; localAddress: string; lookup: LookupFunction };

/**
 * How a client reaches a proxy by its name.
 * @param from the client's own address, which the proxy sees
 * @param ca PEM of the root it trusts
 */
export const route = ({ address }: Places, from: string, ca: string): Route => ({
  ca,
  localAddress: from,
  lookup: (_name, options, found) =>
    options.all === true ? found(null, [{ address, family: 4 }]) : found(null, address, 4),
});

/** `fetch` by a route, for the standard port of https wherever the proxy listens. */
export const fetchBy =
  (port: number, by: Route): typeof fetch =>
  (url, { method = 'GET', headers, body } = {}) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const asked = request(url as URL, {
      ...by,
      port,
      method,
      agent: false,
      headers: { ...(headers as Record<string, string>), host: NAME },
    });
    asked.on('error', reject).on('response', response => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const said = Object.entries(response.headersDistinct);
        const answered = said.flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]));
        resolve(new Response(status === 204 ? null : Buffer.concat(parts), { status, headers: answered }));
      });
    });
    asked.end(body as string | undefined);
    return promise;
  };
