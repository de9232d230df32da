import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { CLOSE_CODES, type CloseName } from '#protocol/close-codes';
import { FRAME_BYTES, HELLO_MS } from '#protocol/limits';
import { SUBPROTOCOL } from '#protocol/session-frames';
import type { Logger } from '../log.ts';
import type { Timers } from '../timers.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import type { Line } from './session.ts';

/** Most sockets whose hello has not been answered. */
export const FRESH_SOCKETS = 200;
/** A consumer that leaves more than this unread is closed. */
export const BUFFERED_BYTES = 1024 * 1024;
/** How long a peer may take over the closing handshake. */
const CLOSING_MS = 2_000;

export type GatewayDeps = ConnectionDeps & {
  log: Logger;
  timers: Timers;
};

/** The only place that knows `ws`: sockets in, connections out. */
export type Gateway = {
  /** Answers an HTTP upgrade that was checked; 503 when too many wait to say hello. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Late hellos and slow farewells; to be called about twice a second. */
  tick(): void;
  /** Takes no more sockets and closes those there are. */
  close(why: CloseName): void;
  /** Resolves when the last socket has gone; they get a few seconds. */
  closed(): Promise<void>;
};

export function createGateway(deps: GatewayDeps): Gateway {
  const { timers } = deps;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES,
    // A browser never sees a refused subprotocol: an unknown one is echoed, and then closed with a code that it sees.
    handleProtocols: offered => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered][0] ?? false)),
  });
  const open = new Set<SocketLine>();
  const fresh = new Map<Connection, { line: SocketLine; since: number }>();
  const closing = new Map<SocketLine, number>();
  let draining = false;
  let onLast = (): void => undefined;

  function accept(socket: WebSocket): void {
    const line = new SocketLine(socket, () => closing.set(line, timers.now()));
    const connection = new Connection(line, deps);
    open.add(line);
    fresh.set(connection, { line, since: timers.now() });
    socket.on('message', (data, isBinary) => {
      if (isBinary) line.close('malformed');
      else connection.text(textOf(data));
    });
    // `ws` closes such a socket itself, with the code that fits (1009 too big, 1007 no UTF-8).
    socket.on('error', error => deps.log.debug({ err: error }, 'socket error'));
    socket.on('close', code => {
      open.delete(line);
      fresh.delete(connection);
      closing.delete(line);
      if (open.size === 0) onLast();
      connection.closed(!line.ended && (code === CLOSE_CODES.bye.code || code === CLOSE_CODES.goingAway.code));
    });
    if (socket.protocol !== SUBPROTOCOL) line.close('version');
  }

  return {
    upgrade: (request, socket, head) => {
      if (draining || fresh.size >= FRESH_SOCKETS) return refuse(socket);
      server.handleUpgrade(request, socket, head, accept);
    },
    tick: () => {
      const now = timers.now();
      for (const [connection, { line, since }] of fresh) {
        if (connection.known) fresh.delete(connection);
        else if (now - since >= HELLO_MS) line.close('helloLate');
      }
      for (const [line, since] of closing) if (now - since >= CLOSING_MS) line.destroy();
    },
    close: why => {
      draining = true;
      for (const line of open) line.close(why);
    },
    closed: () => {
      if (open.size === 0) return Promise.resolve();
      return new Promise(resolve => (onLast = resolve));
    },
  };
}

class SocketLine implements Line {
  /** Whether this end has closed it. */
  ended = false;
  readonly #socket: WebSocket;
  readonly #onClosing: () => void;

  constructor(socket: WebSocket, onClosing: () => void) {
    this.#socket = socket;
    this.#onClosing = onClosing;
  }

  get open(): boolean {
    return !this.ended && this.#socket.readyState === this.#socket.OPEN;
  }

  send(text: string): void {
    if (!this.open) return;
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > BUFFERED_BYTES) this.destroy();
  }

  close(why: CloseName): void {
    if (!this.open) return;
    this.ended = true;
    this.#onClosing();
    this.#socket.close(CLOSE_CODES[why].code, why);
    // Whoever floods is not read any more; what it misses of the handshake ends with `destroy`.
    if (why === 'tooFast') this.#socket.pause();
  }

  destroy(): void {
    this.ended = true;
    this.#socket.terminate();
  }
}

// One message is one Buffer: `binaryType` is left at its default.
const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString('utf8') : '');

function refuse(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
