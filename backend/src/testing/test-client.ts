import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import type { CallId, SessionId } from '#protocol/ids';
import type { ClientFrame, FrameOf, ServerFrame, Unnumbered } from '#protocol/messages';
import { isReliable } from '#protocol/messages';
import { ackDue, confirm, emptyOutbox, receive, resend, send, sendAck, sendUnnumbered } from '#protocol/outbox';
import { parseServerFrame } from '#protocol/parse';
import { SOCKET_PATH, SUBPROTOCOL, type Welcome } from '#protocol/session-frames';

type Type = ServerFrame['type'];
type Waiter = { wants: (frame: ServerFrame) => boolean; got: (frame: ServerFrame) => void };
type HelloOptions = { session?: SessionId | null | undefined; calls?: CallId[] };

/** A client over a real socket with the real outbox. What the server says is kept until a spec asks for it. */
export class TestClient {
  readonly #origin: string;
  readonly #options: ClientOptions;
  #socket: WebSocket | undefined;
  #box = emptyOutbox<Unnumbered<ClientFrame>>();
  #unread: ServerFrame[] = [];
  #waiters: Waiter[] = [];
  #closed: Promise<number> = Promise.resolve(0);
  session: SessionId | undefined;
  /** Why the last socket was closed, in the server's words. */
  reason = '';
  /** Whether received frames are confirmed when many wait; a spec may hold the acks back. */
  acks = true;
  /** Every text that has arrived, as it was. */
  readonly texts: string[] = [];

  /**
   * @param origin `ws://127.0.0.1:port`
   * @param options of the socket: `ca`, the root in PEM that vouches for a `wss:` origin, or another way there
   */
  constructor(origin: string, options: ClientOptions = {}) {
    this.#origin = origin;
    this.#options = options;
  }

  /** Opens a socket, without a hello. */
  async open(protocols: string[] = [SUBPROTOCOL]): Promise<void> {
    const socket = new WebSocket(this.#origin + SOCKET_PATH, protocols, this.#options);
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      if (this.#socket === socket) this.#hear(data.toString());
    });
    socket.on('error', () => undefined);
    this.#closed = new Promise(resolve =>
      socket.once('close', (code, reason: Buffer) => {
        this.reason = reason.toString();
        resolve(code);
      }),
    );
    await once(socket, 'open');
  }

  /** Opens a socket and says hello, resuming the session this client had unless `session` is null. */
  async hello(token: string, { session = this.session, calls }: HelloOptions = {}): Promise<Welcome> {
    await this.open();
    const resumes = session === null || session === undefined ? {} : { session, received: this.#box.received };
    this.write({ type: 'hello', token, ...resumes, ...(calls === undefined ? {} : { calls }) });
    return this.next('welcome');
  }

  /** Says a frame: a reliable one is numbered and kept, and waits where there is no socket. */
  say(frame: Unnumbered<ClientFrame>): void {
    const [box, text] = isReliable(frame.type) ? send(this.#box, frame) : sendUnnumbered(this.#box, frame);
    if (text === null) throw new Error('the outbox is full');
    this.#box = box;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** The number of the next reliable frame, for one that is written past the outbox. */
  get nextNumber(): number {
    return this.#box.sent + 1;
  }

  /** Writes past the outbox whatever a spec makes up. */
  write(frame: object | string | Buffer): void {
    this.#socket?.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** A text frame (RFC 6455, 5.6) of bytes that may be no text. */
  writeAsText(bytes: Buffer): void {
    this.#socket?.send(bytes, { binary: false });
  }

  ack(): void {
    const [box, text] = sendAck(this.#box);
    this.#box = box;
    this.#socket?.send(text);
  }

  /** The first frame of this type that was not asked for yet, now or when it comes. */
  next<T extends Type>(type: T, wants: (frame: FrameOf<ServerFrame, T>) => boolean = () => true) {
    const is = (frame: ServerFrame): frame is FrameOf<ServerFrame, T> =>
      frame.type === type && wants(frame as FrameOf<ServerFrame, T>);
    const there = this.#unread.find(is);
    if (there) {
      this.#unread = this.#unread.filter(frame => frame !== there);
      return Promise.resolve(there);
    }
    return new Promise<FrameOf<ServerFrame, T>>(resolve => {
      this.#waiters.push({ wants: is, got: frame => resolve(frame as FrameOf<ServerFrame, T>) });
    });
  }

  /** Resolves when the server has read all that was said, and all it said before its answer has arrived. */
  async settled(): Promise<void> {
    this.drain('ack');
    this.write({ type: 'ping' });
    await this.next('ack', ({ upTo }) => upTo === this.#box.sent);
  }

  /** What has arrived of this type and was not asked for. */
  unread<T extends Type>(type: T): FrameOf<ServerFrame, T>[] {
    return this.#unread.filter((frame): frame is FrameOf<ServerFrame, T> => frame.type === type);
  }

  /** Takes what has arrived of this type. */
  drain<T extends Type>(type: T): FrameOf<ServerFrame, T>[] {
    const frames = this.unread(type);
    this.#unread = this.#unread.filter(frame => frame.type !== type);
    return frames;
  }

  /** The socket dies without a word. */
  cut(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.terminate();
  }

  /** Closes the way a page does. */
  close(code = 1000): void {
    this.#socket?.close(code);
  }

  /** Stops reading, as a frozen page does. */
  freeze(): void {
    this.#socket?.pause();
  }

  /** The code the server closed with. */
  get closed(): Promise<number> {
    return this.#closed;
  }

  #hear(text: string): void {
    this.texts.push(text);
    const parsed = parseServerFrame(text);
    if (!parsed.ok) throw new Error(`the server said something that is no frame: ${parsed.error.code} ${text}`);
    const frame = parsed.value;
    if (frame.type === 'welcome' && frame.n === undefined) this.#welcomed(frame);
    else if (!this.#isNews(frame)) return;
    if (this.acks && ackDue(this.#box) === 'now') this.ack();
    const waiter = this.#waiters.find(({ wants }) => wants(frame));
    if (!waiter) return void this.#unread.push(frame);
    this.#waiters = this.#waiters.filter(other => other !== waiter);
    waiter.got(frame);
  }

  #welcomed({ how, session, ack }: Welcome): void {
    this.session = session;
    if (how === 'new') this.#box = emptyOutbox();
    this.#confirm(ack);
    for (const text of resend(this.#box)) this.#socket?.send(text);
  }

  #isNews(frame: ServerFrame): boolean {
    const upTo = frame.type === 'ack' ? frame.upTo : 'ack' in frame ? frame.ack : undefined;
    if (upTo !== undefined) this.#confirm(upTo);
    if (!isReliable(frame.type)) return true;
    const [box, what] = receive(this.#box, 'n' in frame ? (frame.n ?? 0) : 0);
    this.#box = box;
    if (what === 'gap') throw new Error(`a frame is missing before ${JSON.stringify(frame)}`);
    return what === 'fresh';
  }

  #confirm(upTo: number): void {
    const box = confirm(this.#box, upTo);
    if (!box) throw new Error(`the server confirmed ${String(upTo)}, which was never sent`);
    this.#box = box;
  }
}
