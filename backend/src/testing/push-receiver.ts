import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID, type ECDH } from 'node:crypto';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PushSubscription } from '#protocol/api/push';
import { parsePushPayload, type PushPayload } from '#protocol/push-payload';

/** What somebody posted to the service. */
export type Posted = { path: string; headers: IncomingHttpHeaders; body: Buffer };

/** How the service answers under a path; `silence` never does, `cut` ends the connection. */
export type Manner = number | 'silence' | 'cut' | { status: number; retryAfter: string };

/** A push service on this machine, over https under a root of its own (RFC 8030). It keeps what it is given. */
export class PushService {
  readonly posted: Posted[] = [];
  readonly manners = new Map<string, Manner>();
  /** Told of each post, after it was kept. */
  onPost: (posted: Posted) => void = () => undefined;
  readonly root: string;
  readonly server: Server;
  readonly #directory: string;
  #unread = 0;
  #waiting: (() => void)[] = [];

  private constructor(directory: string, root: string, server: Server) {
    this.#directory = directory;
    this.root = root;
    this.server = server;
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { url: path = '', headers } = request;
        const manner = this.manners.get(path) ?? 201;
        if (manner === 'cut') response.destroy();
        else if (manner !== 'silence') this.#answer(response, manner);
        const posted = { path, headers, body: Buffer.concat(parts) };
        this.posted.push(posted);
        this.onPost(posted);
        for (const look of this.#waiting) look();
      });
    });
  }

  #answer(response: ServerResponse, manner: number | { status: number; retryAfter: string }): void {
    const { status, ...rest } = typeof manner === 'number' ? { status: manner } : manner;
    const wait = 'retryAfter' in rest ? { 'Retry-After': rest.retryAfter } : {};
    response.writeHead(status, { Location: `${this.origin}/elsewhere`, ...wait }).end();
  }

  static async start(): Promise<PushService> {
    const directory = await mkdtemp(join(tmpdir(), 'parley-push-'));
    await certify(directory);
    const read = (name: string) => readFile(join(directory, name), 'utf8');
    const server = createServer({ cert: await read('leaf.pem'), key: await read('leaf.key') }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PushService(directory, await read('root.pem'), server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `https://localhost:${this.port}`;
  }

  /** The root's file, as NODE_EXTRA_CA_CERTS and certutil want it. */
  get rootFile(): string {
    return join(this.#directory, 'root.pem');
  }

  /** `PUSH_HOSTS` for a server that is to ask it. */
  get hosts(): string {
    return `localhost:${this.port},127.0.0.1,::1`;
  }

  /** The first post that was not asked for yet, now or when it comes. */
  async next(): Promise<Posted> {
    for (;;) {
      const posted = this.posted[this.#unread];
      if (posted) {
        this.#unread++;
        return posted;
      }
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }

  /** Takes the posts nobody has asked for; answers with how many there were. */
  drain(): number {
    const unread = this.unread;
    this.#unread = this.posted.length;
    return unread;
  }

  get unread(): number {
    return this.posted.length - this.#unread;
  }

  /** A browser's half of a subscription at this service. */
  subscriber(path = `/push/${randomUUID()}`): Subscriber {
    return new Subscriber(this.origin + path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await rm(this.#directory, { recursive: true });
  }
}

const run = promisify(execFile);

/** A root and a certificate for this machine, by openssl: a stand-in for the world has no part of ours. */
async function certify(cwd: string): Promise<void> {
  const openssl = (...words: string[]) => run('openssl', words, { cwd });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'root.key',
    '-out',
    'root.pem',
    '-days',
    '2',
    '-subj',
    '/CN=A push service',
  );
  await openssl('req', '-new', ...key, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=localhost');
  const extensions = 'basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost\n';
  await writeFile(join(cwd, 'leaf.ext'), extensions);
  const signed = ['-CA', 'root.pem', '-CAkey', 'root.key', '-extfile', 'leaf.ext', '-days', '2'];
  await openssl('x509', '-req', '-in', 'leaf.csr', ...signed, '-out', 'leaf.pem');
}

/** Holds the keys of a subscription and reads what comes, as a browser does. */
export class Subscriber {
  readonly endpoint: string;
  readonly #pair: ECDH;
  readonly #auth = randomBytes(16);

  constructor(endpoint: string) {
    this.endpoint = endpoint;
    this.#pair = createECDH('prime256v1');
    this.#pair.generateKeys();
  }

  subscription(language: 'en' | 'de' = 'en'): PushSubscription {
    const keys = { p256dh: this.#pair.getPublicKey('base64url'), auth: this.#auth.toString('base64url') };
    return { endpoint: this.endpoint, keys, language };
  }

  /** Decrypts one record of `aes128gcm` (RFC 8188, 2; RFC 8291, 3.4). */
  read({ body }: Posted): PushPayload {
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, 21 + (body[20] ?? 0));
    const record = body.subarray(21 + sender.length);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#pair.getPublicKey(), sender]);
    const secret = Buffer.from(hkdfSync('sha256', this.#pair.computeSecret(sender), this.#auth, info, 32));
    const derived = (what: string, length: number) =>
      Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${what}\0`, length));
    const decipher = createDecipheriv('aes-128-gcm', derived('aes128gcm', 16), derived('nonce', 12));
    decipher.setAuthTag(record.subarray(-16));
    const text = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]).toString();
    const payload = parsePushPayload(text.slice(0, text.lastIndexOf('\u0002')));
    if (!payload.ok) throw new Error(`no payload: ${text}`);
    return payload.value;
  }
}
