import type { Socket } from 'node:net';
import { Counts } from '../counts.ts';
import { addressKey, plainAddress } from '../ip-address.ts';
import type { Urgency } from './allocations.ts';
import { isChannelNumber, lengthInStream, MAGIC_COOKIE } from './stun-message.ts';
import type { RelayClient, RelaySwitch } from './switch.ts';

/** No message of a browser is longer: a packet of media fits in an MTU, and a request in less. */
const LONGEST = 4_096;
/** A stream whose writes have waited this long takes no media until they are through: late sound is worse than lost sound. */
const STALLED_MS = 300;
/** Most bytes that wait to be written. */
const MOST_WAITING = 64 * 1_024;

export type StreamLimits = {
  /** How long a message may take from its first byte to its last, in ms. */
  wholeMs: number;
  /** How long a client without an allocation may be silent, in ms. */
  silenceMs: number;
  /** Streams of one address at once: a household, or an office behind one router. */
  perAddress: number;
};
const LIMITS: StreamLimits = { wholeMs: 10_000, silenceMs: 45_000, perAddress: 200 };

/**
 * Speaks TURN over streams (RFC 8656, 3.1; framed as RFC 8489, 6.2.2 and RFC 8656, 12.5 have it). A stream that breaks the
 * framing, says half a message or nothing is closed; its end frees its allocation at once.
 */
export class TurnStreams {
  readonly #relay: RelaySwitch;
  readonly #limits: StreamLimits;
  readonly #perAddress = new Counts();

  constructor(relay: RelaySwitch, limits: Partial<StreamLimits> = {}) {
    this.#relay = relay;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** @param socket by TCP or TLS, with what was read of it put back */
  serve(socket: Socket): void {
    const { remoteAddress, remotePort: port } = socket;
    const address = plainAddress(remoteAddress ?? '');
    const from = addressKey(address);
    if (port === undefined || this.#perAddress.of(from) >= this.#limits.perAddress) return void socket.destroy();
    this.#perAddress.add(from);
    const client = this.#relay.client({ remote: { address, port }, isStream: true, send: sender(socket) });
    socket.setNoDelay(true);
    readMessages(socket, client, this.#limits);
    socket.once('close', () => {
      client.close();
      this.#perAddress.remove(from);
    });
  }
}

/** Hands what comes to the client, and ends a socket that keeps it waiting. */
function readMessages(socket: Socket, client: RelayClient, { wholeMs, silenceMs }: StreamLimits): void {
  const end = () => void socket.destroy();
  let rest: Buffer = Buffer.alloc(0);
  let whole: NodeJS.Timeout | undefined;
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const left = deliver(bytes, client);
    if (left === 'broken') return end();
    if (left.length < bytes.length) {
      clearTimeout(whole);
      whole = undefined;
    }
    rest = left;
    if (rest.length > 0) whole ??= setTimeout(end, wholeMs);
  });
  socket.setTimeout(silenceMs, () => {
    // A path that is kept for later says little: its allocation ends by itself when it is not refreshed.
    if (client.hasAllocation) socket.setTimeout(silenceMs);
    else end();
  });
  socket.on('error', end).once('close', () => clearTimeout(whole));
}

/** Hands each whole message to the client. @returns what is left, or that this is no TURN */
function deliver(bytes: Buffer, client: RelayClient): Buffer | 'broken' {
  let at = 0;
  while (bytes.length - at >= 4) {
    const [type, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    const isChannel = isChannelNumber(type);
    if (!isChannel && (type > 0x3fff || length % 4 !== 0)) return 'broken';
    if (!isChannel && bytes.length - at >= 8 && bytes.readUInt32BE(at + 4) !== MAGIC_COOKIE) return 'broken';
    const whole = lengthInStream(bytes, at);
    if (whole > LONGEST) return 'broken';
    if (bytes.length - at < whole) break;
    client.receive(bytes.subarray(at, at + whole));
    at += whole;
  }
  return bytes.subarray(at);
}

/** Writes to a stream that may be slower than what arrives for it. */
function sender(socket: Socket): (bytes: Buffer, urgency: Urgency) => void {
  let waitingSince: number | undefined;
  const written = () => {
    if (socket.writableLength === 0) waitingSince = undefined;
  };
  return (bytes, urgency) => {
    if (!socket.writable || socket.writableLength + bytes.length > MOST_WAITING) return;
    const isStalled = waitingSince !== undefined && performance.now() - waitingSince > STALLED_MS;
    if (isStalled && urgency === 'media') return;
    socket.write(bytes, written);
    if (socket.writableLength > 0) waitingSince ??= performance.now();
  };
}
