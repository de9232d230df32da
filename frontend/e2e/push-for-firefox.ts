import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WebSocketServer, type WebSocket } from 'ws';
import { whereIs } from '../../scripts/tools.mjs';
import { PushService } from '../../backend/src/testing/push-receiver.ts';

const run = promisify(execFile);

/** What Firefox says to its push service (https://mozilla-push-service.readthedocs.io/en/latest/design/). */
interface Said {
  readonly messageType?: string;
  readonly channelID?: string;
}

/** A push service that stock Firefox is content with, on this machine: its socket on one side, RFC 8030 on the other. */
export class PushForFirefox {
  readonly service: PushService;
  readonly profile: string;
  private readonly sockets: WebSocketServer;
  private socket: WebSocket | undefined;

  private constructor(service: PushService, profile: string) {
    this.service = service;
    this.profile = profile;
    this.sockets = new WebSocketServer({ server: service.server });
    this.sockets.on('connection', socket => {
      this.socket = socket;
      socket.on('message', (text: Buffer) => this.answer(socket, JSON.parse(text.toString()) as Said));
    });
    service.onPost = ({ path, headers, body }) => {
      const channelID = path.slice('/push/'.length);
      const encoding = headers['content-encoding'];
      const news = { messageType: 'notification', channelID, version: randomUUID(), headers: { encoding } };
      this.socket?.send(JSON.stringify({ ...news, data: body.toString('base64url') }));
    };
  }

  /** With a profile that trusts its root; needs certutil. */
  static async start(): Promise<PushForFirefox> {
    const [service, profile] = await Promise.all([PushService.start(), mkdtemp(join(tmpdir(), 'parley-firefox-'))]);
    const certutil = whereIs('certutil') ?? '';
    await run(certutil, ['-d', `sql:${profile}`, '-N', '--empty-password']);
    await run(certutil, ['-d', `sql:${profile}`, '-A', '-t', 'C,,', '-n', 'push', '-i', service.rootFile]);
    return new PushForFirefox(service, profile);
  }

  get preferences(): Record<string, unknown> {
    return {
      'dom.push.serverURL': `wss://localhost:${this.service.port}/`,
      // A driver of Firefox turns its push off.
      'dom.push.enabled': true,
      'dom.push.connection.enabled': true,
      'dom.push.userAgentID': '',
      // A machine for tests has no desktop that shows notifications: Firefox's own do.
      'alerts.useSystemBackend': false,
      'dom.push.testing.ignorePermission': true,
      'permissions.default.desktop-notification': 1,
      'dom.webnotifications.requireuserinteraction': false,
    };
  }

  async stop(): Promise<void> {
    this.sockets.close();
    this.socket?.terminate();
    await this.service.stop();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private answer(socket: WebSocket, { messageType, channelID }: Said): void {
    const say = (message: object) => socket.send(JSON.stringify(message));
    const about = { messageType, status: 200, channelID };
    if (messageType === 'hello')
      say({ ...about, uaid: randomUUID().replaceAll('-', ''), use_webpush: true, broadcasts: {} });
    else if (messageType === 'register') say({ ...about, pushEndpoint: `${this.service.origin}/push/${channelID}` });
    else if (messageType === 'unregister') say(about);
    else if (messageType === 'ping' || messageType === undefined) say({});
  }
}
