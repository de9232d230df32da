import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** A server that does not listen: the message is a sentence for the person at the terminal. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16 * 1024,
} as const;

export const plainServer = (listener: RequestListener): Server => createHttpServer({ ...LIMITS }, listener);

/** `minVersion`: TLS 1.2 (RFC 9325, 3.1.1). */
export const secureServer = (tls: { cert: string; key: string }, listener: RequestListener): HttpsServer =>
  createHttpsServer({ ...LIMITS, ...tls, minVersion: 'TLSv1.2' }, listener);

/** Listens, on every address where none is given; answers with the port, which is a free one for 0. */
export function listen(server: NetServer, port: number, address: string | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, address)));
  server.listen({ port, ...(address === undefined ? {} : { host: address }) }, () =>
    resolve((server.address() as AddressInfo).port),
  );
  return promise;
}

function listenError(error: NodeJS.ErrnoException, port: number, address = 'this machine'): ListenError {
  const why: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken: is Parley running already?`,
    EACCES: `Port ${port} needs rights that this user has not: choose one above 1023.`,
    EADDRNOTAVAIL: `${address} is no address of this machine.`,
  };
  return new ListenError(why[error.code ?? ''] ?? `Port ${port} cannot be opened: ${error.message}`, { cause: error });
}

/** Takes no more, lets what is being answered finish for at most `patienceMs`, then ends it. */
export async function close(server: Server | HttpsServer, patienceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise(resolve => server.close(resolve));
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), patienceMs);
  await closed;
  clearTimeout(impatient);
}
