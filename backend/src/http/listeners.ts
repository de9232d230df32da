import { createServer as createHttpServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, BlockList, Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { bareAnswer, withAnswerHeaders } from '../answer-headers.ts';
import { OperatorError } from '../operator-error.ts';
import type { Certificates } from '../tls/certificates.ts';
import type { ServedCertificates } from '../tls/served.ts';
import { splitByFirstByte } from './first-byte.ts';
import { onlyByProxy, upgradeOnlyByProxy } from './forwarded.ts';
import type { Upgrade } from './refuse-upgrade.ts';
import { onlyThisMachine, onLoopback, thisMachineUpgrade } from './this-machine.ts';

/** A server that does not listen: the message is a sentence for the person at the terminal. */
export class ListenError extends OperatorError {
  override readonly name = 'ListenError';
}

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16 * 1024,
  // Node's own refusal would lack the headers of every answer: `answering` gives it.
  requireHostHeader: false,
} as const;

export const plainServer = (listener: RequestListener): Server => answering(createHttpServer({ ...LIMITS }), listener);

/** Lets `listener` answer with the headers of every answer, and refuses with the same what Node would refuse by itself. */
function answering<S extends Server | HttpsServer>(server: S, listener: RequestListener): S {
  const withHost: RequestListener = (request, response) => {
    // RFC 9112, 3.2.
    if (request.headers.host === undefined && request.httpVersion === '1.1') end(response, 400);
    else listener(request, response);
  };
  server.on('request', withAnswerHeaders(withHost));
  // RFC 9110, 10.1.1: one that is not known.
  server.on(
    'checkExpectation',
    withAnswerHeaders((_request, response) => end(response, 417)),
  );
  server.on('clientError', refuseMalformed);
  return server;
}

const end = (response: ServerResponse, status: number): void =>
  void response.writeHead(status, { Connection: 'close' }).end();

/** Bytes that are no request, or one that is too slow or has too large a head: as Node answers them, with the headers of every answer. */
function refuseMalformed({ code }: NodeJS.ErrnoException, socket: Duplex): void {
  const [status, reason] = MALFORMED[code ?? ''] ?? [400, 'Bad Request'];
  if (code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else socket.end(bareAnswer(status, reason));
}

const MALFORMED: Record<string, [status: number, reason: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** With TLS 1.2 only suites with forward secrecy and authenticated encryption (RFC 9325, 4.2); TLS 1.3 has no others. */
const SUITES =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20:!PSK:!aNULL';

/** `minVersion`: TLS 1.2 (RFC 9325, 3.1.1). */
const contextOf = ({ cert, key }: Certificates): SecureContextOptions => ({
  cert,
  key,
  minVersion: 'TLSv1.2',
  ciphers: SUITES,
});

/** HTTP as this server speaks it, else one of the names that clients of TURN give (RFC 7443, RFC 8833). */
const PROTOCOLS = ['http/1.1', 'stun.turn', 'stun.nat-discovery', 'webrtc', 'c-webrtc'];
const ALPNCallback = ({ protocols }: { protocols: string[] }): string | undefined =>
  PROTOCOLS.find(known => protocols.includes(known));

/** Sockets that are open stay so when the certificate changes; new ones get the new one. */
export function secureServer(tls: ServedCertificates, listener: RequestListener): HttpsServer {
  const server = answering(createHttpsServer({ ...LIMITS, ...contextOf(tls.current()), ALPNCallback }), listener);
  const forget = tls.onChange(now => server.setSecureContext(contextOf(now)));
  return server.on('close', forget);
}

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

export type ListenersOptions = {
  app: RequestListener;
  upgrade: Upgrade;
  /** What is served on https; undefined where a proxy does that. */
  tls: ServedCertificates | undefined;
  ports: { https: number; http: number };
  /** On every one where there is none. */
  address: string | undefined;
  /** What everybody who is not on this machine gets on plain http. */
  welcome: RequestListener;
  /** Who may speak for others: TRUSTED_PROXIES. */
  trusted: BlockList;
  /** Where those are sent who come past the proxy. */
  canonical: () => string;
  /** Takes TURN by TCP on the same ports, where TLS is ours. */
  relay?: ((socket: Socket) => void) | undefined;
};

export type Listeners = {
  ports: { https: number | undefined; http: number };
  close(patienceMs: number): Promise<void>;
};

/** Https for everybody and http for this machine; without TLS of its own, http for whom the proxy lets through. */
export async function openListeners(options: ListenersOptions): Promise<Listeners> {
  const { app, upgrade, tls, ports, address, welcome, relay } = options;
  if (tls === undefined) {
    const { trusted, canonical } = options;
    const proxied = onlyByProxy(app, trusted, canonical);
    const server = plainServer(proxied).on('upgrade', upgradeOnlyByProxy(upgrade, trusted));
    const http = await listen(server, ports.http, address);
    return { ports: { https: undefined, http }, close: patienceMs => close(server, patienceMs) };
  }
  const secure = secureServer(tls, app).on('upgrade', upgrade);
  const plain = plainServer(onlyThisMachine(app, welcome)).on('upgrade', thisMachineUpgrade(upgrade));
  const endOthers =
    relay === undefined ? [] : [splitByFirstByte(secure, relay), splitByFirstByte(plain, onLoopback(relay))];
  const https = await listen(secure, ports.https, address);
  try {
    const http = await listen(plain, ports.http, address);
    const both = [secure, plain];
    return {
      ports: { https, http },
      close: async patienceMs => {
        const closed = both.map(server => close(server, patienceMs));
        for (const end of endOthers) end();
        await Promise.all(closed);
      },
    };
  } catch (error) {
    await close(secure, 0);
    throw error;
  }
}
