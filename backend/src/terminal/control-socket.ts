import { rm } from 'node:fs/promises';
import { createServer, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Logger } from '../log.ts';
import { OperatorError } from '../operator-error.ts';
import { command, type Command } from './command.ts';
import type { Said } from './perform.ts';

const said = z.object({ ok: z.boolean(), text: z.string() });

/** A command is one line of JSON of at most this many bytes, and so is the answer, of any length. */
const COMMAND_BYTES = 4_096;
const COMMAND_MS = 5_000;
const AT_ONCE = 8;
/** `sun_path` has 108 bytes on Linux and 104 elsewhere (unix(7)). */
const PATH_BYTES = 100;

/** Where the commands of this machine reach a running server: a socket that only its own user can open. */
export const controlPath = (dataDirectory: string): string => join(dataDirectory, 'control.sock');

/**
 * Listens for commands. The data folder is this process's alone, so a socket that is there is one that a crash has left.
 * Where it cannot listen it says so in the log: the commands then work only while the server is stopped.
 */
export async function openControl(options: {
  path: string;
  run: (command: Command) => Promise<Said>;
  log: Logger;
}): Promise<{ close(): Promise<void> }> {
  const { path, log } = options;
  const server = createServer({ allowHalfOpen: true }, socket => void serve(socket, options));
  server.maxConnections = AT_ONCE;
  try {
    if (Buffer.byteLength(path) > PATH_BYTES) throw new Error('the path is too long for a socket');
    await rm(path, { force: true });
    await listenPrivately(server, path);
  } catch (error) {
    log.warn({ err: error }, 'commands reach this server only while it is stopped');
    return { close: async () => undefined };
  }
  return { close: () => new Promise(resolve => void server.close(() => resolve())) };
}

/** The mask makes the socket 0600 from its first moment on; binding happens before `listen` returns. */
function listenPrivately(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).once('listening', resolve);
  const mask = process.umask(0o177);
  server.listen(path);
  process.umask(mask);
  return promise;
}

async function serve(
  socket: Socket,
  { run, log }: { run: (asked: Command) => Promise<Said>; log: Logger },
): Promise<void> {
  try {
    const line = await lineFrom(socket, COMMAND_BYTES, COMMAND_MS);
    if (line === undefined) return void socket.end();
    const asked = command.safeParse(JSON.parse(line));
    const answer: Said = asked.success ? await run(asked.data) : { ok: false, text: 'This is no command.' };
    socket.end(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    log.warn({ err: error }, 'a command failed');
    socket.end(`${JSON.stringify({ ok: false, text: 'The server could not do that; its log says why.' })}\n`);
  }
}

/** Reaches the server that runs on this data folder; undefined where none does. */
async function reach(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  } catch {
    return undefined;
  }
}

/** Whether a server runs on this data folder. */
export async function isServerAt(path: string): Promise<boolean> {
  const socket = await reach(path);
  socket?.on('error', () => undefined).destroy();
  return socket !== undefined;
}

/** Hands a command to the server that runs on this data folder; undefined where none does. */
export async function askServer(path: string, asked: Command): Promise<Said | undefined> {
  const socket = await reach(path);
  if (socket === undefined) return undefined;
  socket.end(`${JSON.stringify(asked)}\n`);
  const line = await lineFrom(socket, Infinity, Infinity).catch((cause: unknown) => {
    throw new OperatorError('The server ended in the middle of its answer.', { cause });
  });
  if (line === undefined) throw new OperatorError('The server ended before it answered.');
  return said.parse(JSON.parse(line));
}

/** The first line that comes, if anything does; rejects where it is too long, too late, or never whole. */
function lineFrom(socket: Socket, bytes: number, ms: number): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  let text = '';
  if (Number.isFinite(ms)) socket.setTimeout(ms, () => socket.destroy(new Error('the line came too late')));
  socket.setEncoding('utf8');
  socket.on('data', (part: string) => {
    text += part;
    const end = text.indexOf('\n');
    if (end >= 0) resolve(text.slice(0, end));
    else if (text.length > bytes) socket.destroy(new Error('the line is too long'));
  });
  const over = (): void => (text === '' ? resolve(undefined) : reject(new Error('the line is not whole')));
  socket.on('error', reject).on('end', over).on('close', over);
  return promise;
}
