import type { Socket } from 'node:net';
import { lengthInStream } from '../stun-message.ts';
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
      const whole = lengthInStream(bytes, at);
      if (bytes.length - at < whole) break;
      this.receive(bytes.subarray(at, at + whole));
      at += whole;
    }
    this.#rest = bytes.subarray(at);
  }
}
