import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { blameText, CLOSE_CODES, type CloseName } from '#protocol/close-codes';
import { FRAME_BYTES, HELLO_MS } from '#protocol/limits';
import { SUBPROTOCOL } from '#protocol/session-frames';
import { bareAnswer, headerLines } from '../answer-headers.ts';
import type { Logger } from '../log.ts';
import { createSecurityLog, type SecurityLog } from '../security-log.ts';
import type { Timers } from '../timers.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import { FreshSockets } from './fresh-sockets.ts';
import type { Line } from './session.ts';
import { writeText } from './text-frame.ts';

/** A consumer that leaves more than this unread is closed. */
export const BUFFERED_BYTES = 1024 * 1024;
/** Why a socket is closed that no app of ours would have been closed for. */
const SUSPICIOUS = new Set<CloseName>(['unauthorized', 'malformed', 'tooFast']);
/** How long a peer may take over the closing handshake. */
const CLOSING_MS = 2_000;

/** Who opens a socket: whose budget of sockets it uses, and the origin by which they call us. */
export type Caller = { from: string; origin: string };

export type GatewayDeps = ConnectionDeps & {
  log: Logger;
  timers: Timers;
};

/** The only place that knows `ws`: sockets in, connections out. */
export class Gateway {
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES,
    // A browser never sees a refused subprotocol: an unknown one is echoed, and then closed with a code that it sees.
    handleProtocols: offered => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered][0] ?? false)),
  });
  readonly #open = new Set<SocketLine>();
  readonly #fresh = new FreshSockets<Connection>();
  readonly #closing = new Map<SocketLine, number>();
  readonly #deps: GatewayDeps;
  readonly #security: SecurityLog;
  #draining = false;
  #onLast = (): void => undefined;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    this.#security = createSecurityLog(deps.log);
    this.#server.on('headers', headers => headers.push(...headerLines));
    // An upgrade that is none of RFC 6455's. The library would answer it, with words of its own and without the headers.
    this.#server.on('wsClientError', (_error, socket) => refuse(socket, 400, 'Bad Request'));
  }

  /** Answers an HTTP upgrade that was checked; 503 when too many of this address wait to say hello. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, { from, origin }: Caller): void {
    if (this.#draining || this.#fresh.isFull(from)) return refuse(socket);
    this.#server.handleUpgrade(request, socket, head, accepted => this.#accept(accepted, socket, { from, origin }));
  }

  /** Late hellos and slow farewells; to be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    for (const connection of this.#fresh.olderThan(now - HELLO_MS)) connection.late();
    for (const [line, since] of this.#closing) if (now - since >= CLOSING_MS) line.destroy();
  }

  /** Takes no more sockets and closes those there are; resolves when the last one has gone. */
  async close(why: CloseName): Promise<void> {
    this.#draining = true;
    if (this.#open.size === 0) return;
    const last = new Promise<void>(resolve => (this.#onLast = resolve));
    for (const line of this.#open) line.close(why);
    await last;
  }

  #accept(socket: WebSocket, stream: Duplex, { from, origin }: Caller): void {
    const { timers, log } = this.#deps;
    const line = new SocketLine(socket, stream, origin, why => {
      this.#closing.set(line, timers.now());
      if (SUSPICIOUS.has(why)) this.#security.note({ event: 'socket', outcome: why, address: from });
    });
    const connection = new Connection(line, this.#deps, () => this.#fresh.delete(connection));
    this.#open.add(line);
    this.#fresh.add(connection, from, timers.now());
    socket.on('message', (data, isBinary) => {
      if (isBinary) line.close('malformed');
      else connection.text(textOf(data));
    });
    // `ws` closes such a socket itself, with the code that fits (1009 too big, 1007 no UTF-8).
    socket.on('error', error => log.debug({ err: error }, 'socket error'));
    socket.on('close', code => this.#gone(line, connection, code));
    if (socket.protocol !== SUBPROTOCOL) line.close('version');
  }

  #gone(line: SocketLine, connection: Connection, code: number): void {
    this.#open.delete(line);
    this.#fresh.delete(connection);
    this.#closing.delete(line);
    connection.closed(!line.ended && (code === CLOSE_CODES.bye.code || code === CLOSE_CODES.goingAway.code));
    if (this.#open.size === 0) this.#onLast();
  }
}

class SocketLine implements Line {
  /** Whether this end has closed it. */
  ended = false;
  readonly origin: string;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #onClosing: (why: CloseName) => void;

  constructor(socket: WebSocket, stream: Duplex, origin: string, onClosing: (why: CloseName) => void) {
    this.origin = origin;
    this.#socket = socket;
    this.#stream = stream;
    this.#onClosing = onClosing;
  }

  get open(): boolean {
    return !this.ended && this.#socket.readyState === this.#socket.OPEN;
  }

  send(text: string): void {
    if (!this.open) return;
    // Past the library, which without compression keeps no queue of its own that this could overtake.
    writeText(this.#stream, text);
    if (this.#socket.bufferedAmount > BUFFERED_BYTES) this.destroy();
  }

  close(why: CloseName, frame?: number): void {
    if (!this.open) return;
    this.ended = true;
    this.#onClosing(why);
    this.#socket.close(CLOSE_CODES[why].code, frame === undefined ? why : blameText(frame));
    // A client that floods is not read any more, so its half of the closing handshake is not seen: `destroy` ends the socket.
    if (why === 'tooFast') this.#socket.pause();
  }

  destroy(): void {
    this.ended = true;
    this.#socket.terminate();
  }
}

// One message is one Buffer: `binaryType` is left at its default.
const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString('utf8') : '');

function refuse(socket: Duplex, status = 503, reason = 'Service Unavailable'): void {
  socket.on('error', () => socket.destroy());
  socket.end(bareAnswer(status, reason));
}
