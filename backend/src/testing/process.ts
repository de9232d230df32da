import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

export type Run = { process: ChildProcessWithoutNullStreams; output: () => string; exit: Promise<number | null> };

/** Every process a spec has started; none outlives it, whatever fails. */
const running: Run[] = [];

/** Starts the whole server as a process of its own; the LAN hears nothing of it unless a spec wants that. */
export function run(environment: Record<string, string>): Run {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], MDNS: 'off', SIGN_UP: 'open', ...environment },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  const exit = new Promise<number | null>(resolve => child.on('close', resolve));
  const started = { process: child, output: () => text, exit };
  running.push(started);
  return started;
}

/** Resolves with the groups of `pattern` once it is in the output; rejects where the process ends before. */
export function said({ process: child, output, exit }: Run, pattern: RegExp): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  const look = () => {
    const found = pattern.exec(output());
    if (found !== null) resolve(found);
  };
  child.stdout.on('data', look);
  void exit.then(() => reject(new Error(output())));
  look();
  return promise;
}

/** Kills every process that still runs; resolves when they are gone. */
export async function endAll(): Promise<void> {
  for (const { process: child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ exit }) => exit));
}
