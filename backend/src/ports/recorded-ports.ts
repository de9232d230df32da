import { createServer } from 'node:net';
import { join } from 'node:path';
import { OperatorFault } from '../operator-error.ts';
import { readPrivateFile, writePrivateFile } from '../secrets/private-file.ts';

/** The ports of the two listeners: https for everybody, http for this machine's own browser. */
export interface Ports {
  readonly https: number;
  readonly http: number;
}

/** `taken`: another program listens there; `malformed`: the record cannot be read; `none-free`: a hundred in a row are taken. */
export type PortFault = 'taken' | 'malformed' | 'none-free';

/** The message is a sentence for the person at the terminal and says what to do. */
export class PortError extends OperatorFault<PortFault> {
  override readonly name = 'PortError';
}

/** Where the first start begins to look. */
const preferred: Ports = { https: 8443, http: 8080 };

/** Whether nobody listens on a port of an address; of all addresses, IPv4 and IPv6, where none is given. */
export type PortProbe = (port: number, address: string | undefined) => Promise<boolean>;

export interface PortOptions {
  /** Where ports.json is or will be. */
  readonly dataDirectory: string;
  /** HTTPS_PORT and HTTP_PORT: what is said here is neither probed nor recorded; 0 is any port, or none where a proxy speaks TLS. */
  readonly configured: { readonly https?: number | undefined; readonly http?: number | undefined };
  /** LISTEN: the address of the listeners; all where there is none. */
  readonly address?: string | undefined;
}

/**
 * Which ports to listen on. The first start takes 8443 and 8080 or the next free ones and records them; later starts use the
 * same or stop, because a new port is a new origin to a browser: another sign-in, other storage, another installed app.
 * @throws PortError
 * @throws FileError where the folder cannot be read or written
 */
export async function openPorts(options: PortOptions, isFree: PortProbe = isPortFree): Promise<Ports> {
  const { https, http } = options.configured;
  if (https !== undefined && http !== undefined) return { https, http };
  const path = recordIn(options.dataDirectory);
  const text = await readPrivateFile(path);
  const probe = (port: number) => isFree(port, options.address);
  const recorded = text === undefined ? await choosePorts(options, probe) : parsePorts(text, path);
  if (text !== undefined) await expectFree(recorded, options, path, probe);
  return { https: https ?? recorded.https, http: http ?? recorded.http };
}

const recordIn = (dataDirectory: string): string => join(dataDirectory, 'ports.json');

/**
 * The ports that were recorded, undefined before the first start.
 * @throws PortError, FileError
 */
export async function recordedPorts(dataDirectory: string): Promise<Ports | undefined> {
  const text = await readPrivateFile(recordIn(dataDirectory));
  return text === undefined ? undefined : parsePorts(text, recordIn(dataDirectory));
}

/** @throws FileError */
export const recordPorts = (dataDirectory: string, ports: Ports): Promise<void> =>
  writePrivateFile(recordIn(dataDirectory), `${JSON.stringify(ports)}\n`);

async function choosePorts({ configured, dataDirectory }: PortOptions, isFree: (port: number) => Promise<boolean>) {
  const https =
    configured.https ||
    (await nextFree(preferred.https, async port => port !== configured.http && (await isFree(port))));
  const http =
    configured.http || (await nextFree(preferred.http, async port => port !== https && (await isFree(port))));
  await recordPorts(dataDirectory, { https, http });
  return { https, http };
}

async function expectFree(
  recorded: Ports,
  { configured }: PortOptions,
  path: string,
  isFree: (port: number) => Promise<boolean>,
): Promise<void> {
  for (const name of ['https', 'http'] as const) {
    if (configured[name] === undefined && !(await isFree(recorded[name]))) throw taken(recorded[name], path);
  }
}

async function nextFree(from: number, isFree: (port: number) => Promise<boolean>): Promise<number> {
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
function taken(port: number, path: string): PortError {
  return new PortError(
    'taken',
    `Port ${port} is taken: is Parley running already? Stop the program that listens there and start again. ` +
      `A new port is a new origin: to move, delete ${path}, and everybody signs in anew at the new address.`,
  );
}

/** The probe of the real machine. */
export const isPortFree: PortProbe = (port, address) => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer();
  probe.once('error', () => resolve(false));
  probe.listen({ port, exclusive: true, ...(address === undefined ? {} : { host: address }) }, () =>
    probe.close(() => resolve(true)),
  );
  return promise;
};
