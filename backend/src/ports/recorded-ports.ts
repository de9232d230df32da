import { createServer } from 'node:net';
import { join } from 'node:path';
import { readPrivateFile, writePrivateFile } from '../secrets/private-file.ts';

/** The ports of the two listeners: https for everybody, http for this machine's own browser. */
export interface Ports {
  readonly https: number;
  readonly http: number;
}

/** `taken`: another program listens there; `malformed`: the record cannot be read; `none-free`: a hundred in a row are taken. */
export type PortFault = 'taken' | 'malformed' | 'none-free';

/** The message is a sentence for the person at the terminal and says what to do. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly code: PortFault;

  constructor(code: PortFault, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where the first start begins to look. */
const preferred: Ports = { https: 8443, http: 8080 };

/**
 * Which ports to listen on. The first start takes 8443 and 8080 or the next free ones and records them; later starts use the
 * same or stop, because a new port is a new origin to a browser: another sign-in, other storage, another installed app.
 * @param dataDirectory where ports.json is or will be
 * @param isFree specs put their own here
 * @throws PortError
 * @throws FileError where the folder cannot be read or written
 */
export async function openPorts(dataDirectory: string, isFree = isPortFree): Promise<Ports> {
  const path = join(dataDirectory, 'ports.json');
  const text = await readPrivateFile(path);
  if (text === undefined) return choosePorts(path, isFree);
  const ports = parsePorts(text, path);
  for (const port of [ports.https, ports.http]) if (!(await isFree(port))) throw taken(port, path);
  return ports;
}

async function choosePorts(path: string, isFree: typeof isPortFree): Promise<Ports> {
  const https = await nextFree(preferred.https, isFree);
  const http = await nextFree(preferred.http, async port => port !== https && (await isFree(port)));
  await writePrivateFile(path, `${JSON.stringify({ https, http })}\n`);
  return { https, http };
}

async function nextFree(from: number, isFree: typeof isPortFree): Promise<number> {
  for (let port = from; port < from + 100; port += 1) if (await isFree(port)) return port;
  throw new PortError('none-free', `No port from ${from} to ${from + 99} is free: stop a program that listens there.`);
}

function parsePorts(text: string, path: string): Ports {
  const ports = parseJson(text);
  if (typeof ports === 'object' && ports !== null && 'https' in ports && 'http' in ports) {
    const { https, http } = ports;
    if (isPort(https) && isPort(http) && https !== http) return { https, http };
  }
  const example = JSON.stringify(preferred);
  throw new PortError(
    'malformed',
    `${path} does not say which ports are Parley's: write ${example} with yours, or delete it.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536;

/**
 * @param port that somebody else listens on
 * @param path of the record
 */
export function taken(port: number, path: string): PortError {
  return new PortError(
    'taken',
    `Port ${port} is taken: is Parley running already? Stop the program that listens there and start again. ` +
      `A new port is a new origin: to move, delete ${path}, and everybody signs in anew at the new address.`,
  );
}

/** Free for listening on all addresses, IPv4 and IPv6. */
export function isPortFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer();
  probe.once('error', () => resolve(false));
  probe.listen({ port, exclusive: true }, () => probe.close(() => resolve(true)));
  return promise;
}
