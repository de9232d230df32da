import type { Socket } from 'node:net';
import { HEADER_LENGTH } from '../stun-message.ts';
import { TurnClient, type Credentials } from './turn-client.ts';

/** A TURN client of the specs over a stream. */
export class StreamClient extends TurnClient {
  readonly socket: Socket;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, credentials?: Credentials) {
    super(bytes => void socket.write(bytes), credentials);
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#take(Buffer.concat([this.#rest, chunk])));
  }

  #take(bytes: Buffer): void {
    let at = 0;
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt16BE(at + 2);
      const whole = bytes.readUInt16BE(at) < 0x4000 ? HEADER_LENGTH + length : 4 + ((length + 3) & ~3);
      if (bytes.length - at < whole) break;
      this.receive(bytes.subarray(at, at + whole));
      at += whole;
    }
    this.#rest = bytes.subarray(at);
  }
}
