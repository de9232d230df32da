/** The client side of the benchmark: servers in child processes, and sockets that cost as little as can be. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { DeviceId, UserId } from '#protocol/ids';
import { SOCKET_PATH, SUBPROTOCOL } from '#protocol/session-frames';

/** Somebody to sign in as; the bare relay needs none. Two in a row are contacts. */
export type BenchUser = { userId: UserId; deviceId: DeviceId; token: string };
/** `turnPort`: of the relay in the same process; the bare relay has none. */
export type Ready = { port: number; turnPort?: number; users: BenchUser[] };
export type Usage = { cpuMicros: number; bytes: number };

export class BenchServer {
  readonly #child: ChildProcess;
  readonly ready: Ready;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  static async start(kind: 'bare' | 'parley', users: number): Promise<BenchServer> {
    const file = new URL('bench-server.ts', import.meta.url);
    const child = fork(file, [kind, String(users)], { execArgv: ['--expose-gc'] });
    const [ready] = (await once(child, 'message')) as [Ready];
    return new BenchServer(child, ready);
  }

  /** CPU time since its start, and its memory after a collection. */
  async usage(): Promise<Usage> {
    this.#child.send('usage');
    const [usage] = (await once(this.#child, 'message')) as [Usage];
    return usage;
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}

/** One end of a pair. `write` sends a frame's text; every frame of the other end calls `onFrame`. */
export type End = { write(body: string): void; onFrame: () => void; close(): void };

async function open(url: string, protocols?: string): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

export async function bareEnd(server: BenchServer, index: number): Promise<End> {
  const socket = await open(`ws://127.0.0.1:${String(server.ready.port)}/${String(index)}`);
  const end: End = { write: body => socket.send(body), onFrame: () => undefined, close: () => socket.terminate() };
  socket.on('message', () => end.onFrame());
  return end;
}

/** How the types of frames begin that carry no number: ack, ping, presence. */
const UNNUMBERED = new Set(['ack', 'pin', 'pre']);

/** An authenticated session that numbers what it sends and confirms what it hears with it. */
export async function parleyEnd(
  server: BenchServer,
  user: BenchUser,
): Promise<End & { once(type: string): Promise<void> }> {
  const socket = await open(`ws://127.0.0.1:${String(server.ready.port)}${SOCKET_PATH}`, SUBPROTOCOL);
  let [sent, heard] = [0, 0];
  const waiting = new Map<string, () => void>();
  socket.on('message', (data: Buffer) => {
    const kind = data.toString('latin1', 9, 12);
    if (kind === 'pin') socket.send(`{"type":"ack","upTo":${String(heard)}}`);
    if (UNNUMBERED.has(kind)) return;
    heard++;
    const type = waiting.size > 0 ? /"type":"([^"]+)"/.exec(data.toString())?.[1] : undefined;
    if (type === undefined) end.onFrame();
    else waiting.get(type)?.();
  });
  const end = {
    write: (body: string) => {
      const ack = heard > 0 ? `,"ack":${String(heard)}` : '';
      socket.send(`${body.slice(0, -1)},"n":${String(++sent)}${ack}}`);
    },
    onFrame: (): void => undefined,
    close: () => socket.terminate(),
    once: (type: string) =>
      new Promise<void>(resolve =>
        waiting.set(type, () => {
          waiting.delete(type);
          resolve();
        }),
      ),
  };
  const welcome = end.once('welcome');
  socket.send(JSON.stringify({ type: 'hello', token: user.token }));
  await welcome;
  heard = 0; // The welcome that answers a hello is not numbered.
  return end;
}
