import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

export type Run = { process: ChildProcessWithoutNullStreams; output: () => string; exit: Promise<number | null> };

/** Every process a spec has started; none outlives it, whatever fails. */
const running: Run[] = [];

/** Those that have run in the spec that runs; and how many lines of each are shown. */
const heard = new Set<Run>();
const SHOWN_LINES = 60;

/** Why a server has refused something is in its log alone, which is shown where a spec fails. */
function showHeard(): void {
  for (const { process: child, output } of heard) {
    const lines = output().trimEnd().split('\n');
    const last = lines.slice(-SHOWN_LINES).join('\n');
    process.stderr.write(`\nProcess ${child.pid}, its last lines of ${lines.length}:\n${last}\n`);
  }
}

/** Those that have ended belong to the spec, or the suite, that is over. */
function forgetEnded(): void {
  for (const run of heard) if (!running.includes(run)) heard.delete(run);
}

if ('jasmine' in globalThis) {
  const done = ({ failedExpectations }: jasmine.SpecResult | jasmine.SuiteResult) => {
    if (failedExpectations.length > 0) showHeard();
    forgetEnded();
  };
  jasmine.getEnv().addReporter({ specDone: done, suiteDone: done });
}

/**
 * Of the environment of the specs, for every process that one starts: where commands are, and where Node keeps what it has
 * compiled (`npm test` says so), without which it strips the types of each file again, at half a second for a command.
 */
export const environmentOfSpecs = (): Record<string, string | undefined> => {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
};

/** Starts the whole server as a process of its own; the LAN hears nothing of it unless a spec wants that. */
export function run(environment: Record<string, string>): Run {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...environmentOfSpecs(), MDNS: 'off', SIGN_UP: 'open', ...environment },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  const exit = new Promise<number | null>(resolve => child.on('close', resolve));
  const started = { process: child, output: () => text, exit };
  running.push(started);
  heard.add(started);
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
  void exit.then(code => reject(new Error(`it ended with ${code ?? 'a signal'} and has said: ${output()}`)));
  look();
  return promise;
}

/** Kills every process that still runs; resolves when they are gone. */
export async function endAll(): Promise<void> {
  for (const { process: child } of running) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ exit }) => exit));
}
