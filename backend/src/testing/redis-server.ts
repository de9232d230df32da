import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whereIs } from '../../../scripts/tools.mjs';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** A real redis-server of a spec's own, on a port of its own and without persistence. */
export type TestRedis = {
  url: string;
  /** As a crash: nothing is left of what it held. */
  kill(): Promise<void>;
  /** On the same port again. */
  start(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  stop(): Promise<void>;
};

export async function startRedis(): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory];
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (!child) return;
    const gone = once(child, 'close');
    child.kill('SIGKILL');
    await gone;
    child = undefined;
  };
  const start = async () => {
    child = spawn(whereIs('redis') ?? 'redis-server', args, { stdio: 'ignore' });
    await until(() => answers(port));
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    signal: name => void child?.kill(name),
    stop: async () => {
      await kill();
      await rm(directory, { recursive: true });
    },
  };
}

/** Another program that listens there would not say this. */
const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.on('data', said => done(String(said).startsWith('+PONG'))).on('error', () => done(false));
    socket.on('close', () => done(false));
  });
