import { randomBytes } from 'node:crypto';
import { REALM, RELAYED_ADDRESS } from '../turn-requests.ts';
import * as stun from '../stun-message.ts';
import { ATTRIBUTE, CLASS, METHOD, type StunMessage } from '../stun-message.ts';

export type Credentials = { username: string; credential: string };
/** What came back: the code of an error, 0 for a success. */
export type Answered = { code: number; message: StunMessage };
/** A packet that the relay handed over: from which relayed port, or by which channel. */
export type Arrived = { from: number; data: Buffer } | { channel: number; data: Buffer };

/** A TURN client of the specs: it signs what it asks, and keeps what arrives. `transmit` sends one whole message. */
export class TurnClient {
  readonly arrived: Arrived[] = [];
  nonce = '';
  credentials: Credentials | undefined;
  readonly #transmit: (bytes: Buffer) => void;
  readonly #asked = new Map<string, (answered: Answered) => void>();

  constructor(transmit: (bytes: Buffer) => void, credentials?: Credentials) {
    this.#transmit = transmit;
    this.credentials = credentials;
  }

  /** Takes one whole message of the relay. */
  receive(bytes: Buffer): void {
    const first = bytes.readUInt16BE(0);
    if (stun.isChannelNumber(first)) {
      this.arrived.push({ channel: first, data: bytes.subarray(4, 4 + bytes.readUInt16BE(2)) });
      return;
    }
    const message = stun.readStun(bytes);
    if (message === undefined) throw new Error('the relay says what is no STUN');
    if (message.kind === CLASS.indication) {
      const { port: from } = addressIn(message, ATTRIBUTE.xorPeerAddress);
      this.arrived.push({ from, data: stun.attributeOf(message, ATTRIBUTE.data) ?? Buffer.alloc(0) });
      return;
    }
    const error = stun.attributeOf(message, ATTRIBUTE.errorCode);
    const nonce = stun.attributeOf(message, ATTRIBUTE.nonce);
    if (nonce !== undefined) this.nonce = nonce.toString();
    const code = error === undefined ? 0 : (error[2] ?? 0) * 100 + (error[3] ?? 0);
    this.#asked.get(message.transactionId.toString('hex'))?.({ code, message });
  }

  /** Asks once, signed where there are credentials. */
  ask(method: number, attributes: readonly Buffer[] = [], transactionId = randomBytes(12)): Promise<Answered> {
    const answered = new Promise<Answered>(resolve => this.#asked.set(transactionId.toString('hex'), resolve));
    this.#transmit(this.request(method, attributes, transactionId));
    return answered;
  }

  /** Asks, and once more with the nonce that it is given (RFC 8489, 9.2.5). */
  async insist(method: number, attributes: readonly Buffer[] = []): Promise<Answered> {
    const first = await this.ask(method, attributes);
    return first.code === 401 || first.code === 438 ? this.ask(method, attributes) : first;
  }

  /** @returns the relayed port */
  async allocate(): Promise<number> {
    const { code, message } = await this.insist(METHOD.allocate, [TRANSPORT_UDP]);
    if (code !== 0) throw new Error(`Allocate was answered by ${code}`);
    return addressIn(message, ATTRIBUTE.xorRelayedAddress).port;
  }

  async permit(address = RELAYED_ADDRESS, port = 0): Promise<number> {
    const id = randomBytes(12);
    return (await this.ask(METHOD.createPermission, [peerAttribute(address, port, id)], id)).code;
  }

  async bind(channel: number, port: number, address = RELAYED_ADDRESS): Promise<number> {
    const id = randomBytes(12);
    return (await this.ask(METHOD.channelBind, [channelAttribute(channel), peerAttribute(address, port, id)], id)).code;
  }

  /** By a Send indication. */
  send(port: number, data: Buffer, address = RELAYED_ADDRESS): void {
    const transactionId = randomBytes(12);
    const attributes = [peerAttribute(address, port, transactionId), stun.attribute(ATTRIBUTE.data, data)];
    this.#transmit(stun.writeStun({ method: METHOD.send, kind: CLASS.indication, transactionId, attributes }));
  }

  sendByChannel(channel: number, data: Buffer): void {
    this.#transmit(stun.writeChannelData(channel, data, true));
  }

  request(method: number, attributes: readonly Buffer[], transactionId: Buffer): Buffer {
    const { username, credential } = this.credentials ?? {};
    if (username === undefined || credential === undefined || this.nonce === '')
      return stun.writeStun({ method, kind: CLASS.request, transactionId, attributes });
    const signed = [
      stun.attribute(ATTRIBUTE.username, username),
      stun.attribute(ATTRIBUTE.realm, REALM),
      stun.attribute(ATTRIBUTE.nonce, this.nonce),
    ];
    const key = stun.longTermKey(username, REALM, credential);
    return stun.writeStun({ method, kind: CLASS.request, transactionId, attributes: [...attributes, ...signed], key });
  }
}

/** @throws where the message does not say it */
export function addressIn(message: StunMessage, type: number): stun.TransportAddress {
  const value = stun.attributeOf(message, type);
  const address = value && stun.readAddress(value, message.transactionId);
  if (address === undefined) throw new Error(`a message without its address ${type}`);
  return address;
}

export const TRANSPORT_UDP = stun.attribute(ATTRIBUTE.requestedTransport, Buffer.from([17, 0, 0, 0]));

export const channelAttribute = (number: number): Buffer =>
  stun.attribute(ATTRIBUTE.channelNumber, Buffer.from([number >> 8, number & 0xff, 0, 0]));

export const peerAttribute = (address: string, port: number, transactionId: Buffer): Buffer =>
  stun.addressAttribute(ATTRIBUTE.xorPeerAddress, { address, port }, transactionId);
