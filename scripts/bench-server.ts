/** The server side of the benchmark: Parley's signaling or a bare relay, in a process of its own, asked over IPC. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import type { UserId, DeviceId } from '#protocol/ids';
import { RING_MS } from '#protocol/limits';
import { createAuthenticate } from '../backend/src/auth/authenticate.ts';
import { accessTokens } from '../backend/src/auth/tokens.ts';
import { systemClock as clock } from '../backend/src/clock.ts';
import { EventHub } from '../backend/src/events/event-hub.ts';
import { createLog } from '../backend/src/log.ts';
import { createMetrics } from '../backend/src/ops/metrics.ts';
import { createSignaling } from '../backend/src/signaling/signaling.ts';
import { openSqliteStore } from '../backend/src/store/sqlite/sqlite-store.ts';
import { newId } from '../backend/src/testing/new-id.ts';
import type { BenchUser, Ready, Usage } from './bench-client.ts';
import { serveTurn } from './bench-turn.ts';

const [kind = 'bare', count = '0'] = process.argv.slice(2);

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', 2_048, resolve));
  return (server.address() as AddressInfo).port;
}

/** Socket 2i speaks to socket 2i+1 and back; nothing is looked at. */
async function bare(): Promise<Ready> {
  const sockets: WebSocket[] = [];
  const server = createServer();
  const relay = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
  relay.on('connection', (socket, request) => {
    const index = Number(request.url?.slice(1));
    sockets[index] = socket;
    socket.on('message', (data, binary) => sockets[index ^ 1]?.send(data, { binary }));
  });
  return { port: await listen(server), users: [] };
}

async function parley(): Promise<Ready> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const store = await openSqliteStore(directory);
  const installation = await store.installation();
  const tokens = accessTokens({ key: Buffer.alloc(32, 7), installation: installation.id, clock });
  const signaling = await createSignaling({
    store,
    installation,
    clock,
    metrics: createMetrics(),
    log: createLog('error'),
    events: new EventHub(),
    config: { resumeWindowMs: 60_000, ringMs: RING_MS },
    authenticate: createAuthenticate({ store, tokens, clock }),
    origins: () => ['https://parley.bench'],
    framePace: { everyMs: 0.001, burst: 1e9 },
  });
  const users = await Promise.all(
    Array.from({ length: Number(count) }, async (_, i): Promise<BenchUser> => {
      const [userId, deviceId] = [newId<UserId>(), newId<DeviceId>()];
      const [name, at] = [`bench-${String(i)}`, clock.now()];
      const user = { id: userId, username: name, displayName: name, passwordHash: 'x', role: 'user' as const, at };
      await store.createUser(user, { id: deviceId, userId, name, secretHash: 'x', tokenHash: randomUUID(), at });
      return { userId, deviceId, token: tokens.issue({ userId, deviceId, role: 'user', family: at, gen: 1 }) };
    }),
  );
  for (let i = 0; i + 1 < Math.min(users.length, 200); i += 2) {
    const [a, b] = [users[i]?.userId, users[i + 1]?.userId];
    if (a === undefined || b === undefined) break;
    await store.requestContact(a, b, clock.now());
    await store.acceptContact(b, a, clock.now());
  }
  const server = createServer().on('upgrade', (request, socket, head) =>
    signaling.upgrade(request, socket, head, {
      from: String(request.socket.remotePort),
      origin: 'https://parley.bench',
    }),
  );
  return { port: await listen(server), turnPort: await serveTurn(directory), users };
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.(); // After the CPU was read: what it costs is nobody's frame.
  // Not the resident set: what a start has left free in it would hide the first thousands of sessions.
  const { heapUsed, external } = process.memoryUsage();
  return { cpuMicros: user + system, bytes: heapUsed + external };
}

process.on('message', () => process.send?.(usage()));
process.on('disconnect', () => process.exit(0));
process.send?.(kind === 'bare' ? await bare() : await parley());
