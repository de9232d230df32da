import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** One connection through the wire: the browser's end and the server's. */
interface Strand {
  readonly near: Socket;
  readonly far: Socket;
  isWebSocket: boolean;
}

/** A cable between a browser and its server, to be cut: plain TCP on a port of its own. */
export class Wire {
  private readonly strands = new Set<Strand>();
  private readonly server: Server;
  private isDown = false;
  private port: number;

  private constructor(port: number) {
    this.port = port;
    this.server = createServer(near => this.join(near, connect(this.port, '127.0.0.1')));
  }

  /** @param port the server's, on this machine */
  static async to(port: number): Promise<Wire> {
    const wire = new Wire(port);
    wire.server.listen(0, '127.0.0.1');
    await once(wire.server, 'listening');
    return wire;
  }

  get origin(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the wire is not laid');
    return `http://localhost:${address.port}`;
  }

  /** WebSockets that go through it now. */
  get webSockets(): number {
    return [...this.strands].filter(strand => strand.isWebSocket).length;
  }

  /** Everything that goes through it breaks, without a word of goodbye. */
  cut(): void {
    for (const { near, far } of this.strands) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Cuts it, and nothing gets through until `up`. */
  down(): void {
    this.isDown = true;
    this.cut();
  }

  up(): void {
    this.isDown = false;
  }

  /** What is joined from now on ends at another server, as behind a proxy. */
  lead(port: number): void {
    this.port = port;
  }

  /** What the server says no longer arrives; what is said to it does. Lasts until the connections are cut. */
  deafen(): void {
    for (const { near, far } of this.strands) {
      far.unpipe(near);
      far.resume();
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket, far: Socket): void {
    if (this.isDown) {
      near.resetAndDestroy();
      far.destroy();
      return;
    }
    const strand: Strand = { near, far, isWebSocket: false };
    this.strands.add(strand);
    near.on('data', (chunk: Buffer) => (strand.isWebSocket ||= /^upgrade: websocket/im.test(chunk.toString('latin1'))));
    near.pipe(far);
    far.pipe(near);
    const part = (): void => {
      this.strands.delete(strand);
      near.destroy();
      far.destroy();
    };
    for (const end of [near, far]) end.on('error', part).on('close', part);
  }
}
