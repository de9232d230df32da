import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import mongoose from 'mongoose';

/** What a client sends is framed: length, request id, response to, opcode; four int32, little endian (MongoDB wire protocol). */
const HEADER = 16;
const OP_MSG = 2013;
/** Flags and the kind of the first section stand before its document, whose first field is the command. */
const COMMAND_AT = HEADER + 4 + 1;
const WRITES = ['insert', 'update', 'delete', 'findAndModify'];

/**
 * Stands between a store and its MongoDB and cuts them apart: at once, or after so many writes were answered, as
 * the death of a process or a cable does. What was cut stays cut until it is joined again.
 */
export class MongoGate {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  /** How many more writes get through. */
  #left = Infinity;
  /** The commands that wrote since it was joined, and what was asked of the engine before it answers. */
  writes: { name: string; concern: unknown }[] = [];
  /** How often somebody has tried to connect while it was cut. */
  turnedAway = 0;

  private constructor(url: string) {
    const { hostname, port } = new URL(url.replace(/^mongodb/, 'http'));
    this.#target = { host: hostname, port: Number(port || 27_017) };
    this.#server = createServer(client => this.#serve(client));
  }

  /** @param url of a single server */
  static async before(url: string): Promise<MongoGate> {
    const gate = new MongoGate(url);
    await new Promise<void>(resolve => gate.#server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** The same address, through the gate. */
  through(url: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return url.replace(/\/\/[^/]+/, `//127.0.0.1:${port}`);
  }

  /** Lets `writes` more writes through and cuts before the next one. */
  cutAfter(writes: number): void {
    this.join();
    this.#left = writes;
  }

  /** Takes in nothing more on the connections there are, as one that is stopped. */
  hush(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  join(): void {
    this.#isCut = false;
    this.#left = Infinity;
    this.writes = [];
  }

  /** Whether it is cut, for `cutAfter`. */
  get isCut(): boolean {
    return this.#isCut;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    if (this.#isCut) {
      this.turnedAway++;
      return void client.destroy();
    }
    const engine = connect(this.#target);
    for (const socket of [client, engine]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
    engine.pipe(client);
    let held = Buffer.alloc(0);
    client.on('data', (part: Buffer) => {
      held = Buffer.concat([held, part]);
      while (held.length >= HEADER && held.length >= held.readInt32LE(0)) {
        const message = held.subarray(0, held.readInt32LE(0));
        held = held.subarray(message.length);
        if (!this.#passes(message)) return this.cut();
        engine.write(message);
      }
    });
  }

  #passes(message: Buffer): boolean {
    if (message.readInt32LE(12) !== OP_MSG) return true;
    const length = message.readInt32LE(COMMAND_AT);
    const command = mongoose.mongo.BSON.deserialize(message.subarray(COMMAND_AT, COMMAND_AT + length));
    const [name = ''] = Object.keys(command);
    if (!WRITES.includes(name)) return true;
    if (this.#left === 0) return false;
    this.#left -= 1;
    this.writes.push({ name, concern: command['writeConcern'] });
    return true;
  }
}
