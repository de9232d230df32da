import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { crc32 } from 'node:zlib';
import { bytesOfIpv6, ipv6OfBytes } from '../ip-address.ts';

/** RFC 8489, 5: the same four bytes in each message tell STUN from everything else. */
export const MAGIC_COOKIE = 0x2112a442;
export const HEADER_LENGTH = 20;
/** XORed with the CRC-32 of a message in FINGERPRINT (RFC 8489, 14.7). */
const FINGERPRINT_XOR = 0x5354554e;
const INTEGRITY_LENGTH = 20;

/** RFC 8489, 18.2 and RFC 8656, 17. */
export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
} as const;

/** RFC 8489, 5: the two class bits of a message type. */
export const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 } as const;

/** RFC 8489, 18.3 and RFC 8656, 18. */
export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  evenPort: 0x0018,
  requestedTransport: 0x0019,
  dontFragment: 0x001a,
  messageIntegritySha256: 0x001c,
  xorMappedAddress: 0x0020,
  reservationToken: 0x0022,
  fingerprint: 0x8028,
} as const;

/** An address of a transport: IPv4 or IPv6 in text, with its port. */
export type TransportAddress = { readonly address: string; readonly port: number };

/** A message as it was read. Attributes stand in their order; of a type that comes twice the first counts (RFC 8489, 14). */
export type StunMessage = {
  readonly method: number;
  readonly kind: (typeof CLASS)[keyof typeof CLASS];
  /** 12 bytes. */
  readonly transactionId: Buffer;
  readonly attributes: readonly { readonly type: number; readonly value: Buffer }[];
  /** Where MESSAGE-INTEGRITY begins in `bytes`; undefined without it. */
  readonly integrityAt: number | undefined;
  readonly hasFingerprint: boolean;
  readonly bytes: Buffer;
};

const paddedLength = (length: number): number => (length + 3) & ~3;

/**
 * Reads one whole STUN message (RFC 8489, 5).
 * @param bytes exactly one message
 * @returns undefined where it is none, or its FINGERPRINT is wrong
 */
export function readStun(bytes: Buffer): StunMessage | undefined {
  if (bytes.length < HEADER_LENGTH || bytes.length % 4 !== 0) return undefined;
  const type = bytes.readUInt16BE(0);
  if (type > 0x3fff || bytes.readUInt16BE(2) !== bytes.length - HEADER_LENGTH) return undefined;
  if (bytes.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  const attributes: { type: number; value: Buffer }[] = [];
  let integrityAt: number | undefined;
  let hasFingerprint = false;
  for (let at = HEADER_LENGTH; at < bytes.length;) {
    const [name, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    const next = at + 4 + paddedLength(length);
    if (next > bytes.length) return undefined;
    const value = bytes.subarray(at + 4, at + 4 + length);
    if (name === ATTRIBUTE.fingerprint) {
      // It is the last one (RFC 8489, 14.7).
      if (length !== 4 || next !== bytes.length || value.readUInt32BE() !== fingerprintOf(bytes.subarray(0, at)))
        return undefined;
      hasFingerprint = true;
    } else if (name === ATTRIBUTE.messageIntegrity && integrityAt === undefined) {
      if (length !== INTEGRITY_LENGTH) return undefined;
      integrityAt = at;
      // What follows MESSAGE-INTEGRITY is not covered by it and is ignored (RFC 8489, 14.5).
    } else if (integrityAt === undefined) attributes.push({ type: name, value });
    at = next;
  }
  const kind = (type & 0x0110) as StunMessage['kind'];
  const transactionId = bytes.subarray(8, HEADER_LENGTH);
  return { method: methodOf(type), kind, transactionId, attributes, integrityAt, hasFingerprint, bytes };
}

/** The bits of a type without those of its class. */
const methodOf = (type: number): number => (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2);
const typeOf = (method: number, kind: number): number =>
  (method & 0x000f) | ((method & 0x0070) << 1) | ((method & 0x0f80) << 2) | kind;

const fingerprintOf = (before: Buffer): number => (crc32(before) ^ FINGERPRINT_XOR) >>> 0;

/** The value of the first attribute of a type. */
export const attributeOf = ({ attributes }: StunMessage, type: number): Buffer | undefined =>
  attributes.find(attribute => attribute.type === type)?.value;

/** RFC 8489, 9.2.2: the key of long-term credentials. All that is asked of MD5 here is that both ends derive the same. */
export const longTermKey = (username: string, realm: string, password: string): Buffer =>
  createHash('md5').update(`${username}:${realm}:${password}`).digest();

const integrityOf = (covered: readonly Buffer[], key: Buffer): Buffer => {
  const mac = createHmac('sha1', key);
  for (const part of covered) mac.update(part);
  return mac.digest();
};

/** Whether a message was written by who has the key (RFC 8489, 14.5). */
export function isIntact({ bytes, integrityAt }: StunMessage, key: Buffer): boolean {
  if (integrityAt === undefined) return false;
  const head = Buffer.from(bytes.subarray(0, HEADER_LENGTH));
  head.writeUInt16BE(integrityAt - HEADER_LENGTH + 4 + INTEGRITY_LENGTH, 2);
  const told = bytes.subarray(integrityAt + 4, integrityAt + 4 + INTEGRITY_LENGTH);
  return timingSafeEqual(told, integrityOf([head, bytes.subarray(HEADER_LENGTH, integrityAt)], key));
}

/** One attribute with its padding. */
export function attribute(type: number, value: Buffer | string): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  const bytes = Buffer.alloc(4 + paddedLength(content.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(content.length, 2);
  content.copy(bytes, 4);
  return bytes;
}

/** ERROR-CODE (RFC 8489, 14.8). */
export const errorAttribute = (code: number, reason: string): Buffer =>
  attribute(
    ATTRIBUTE.errorCode,
    Buffer.concat([Buffer.from([0, 0, Math.trunc(code / 100), code % 100]), Buffer.from(reason)]),
  );

export function numberAttribute(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return attribute(type, bytes);
}

/** XOR-MAPPED-ADDRESS and its like (RFC 8489, 14.2). */
export function addressAttribute(type: number, { address, port }: TransportAddress, transactionId: Buffer): Buffer {
  const isIpv4 = isIPv4(address);
  const plain = isIpv4 ? Buffer.from(address.split('.').map(Number)) : bytesOfIpv6(address);
  const mask = maskOf(transactionId);
  const value = Buffer.alloc(4 + plain.length);
  value[1] = isIpv4 ? 1 : 2;
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  for (const [index, byte] of plain.entries()) value[4 + index] = byte ^ (mask[index] ?? 0);
  return attribute(type, value);
}

/** @returns undefined where the value is no address */
export function readAddress(value: Buffer, transactionId: Buffer): TransportAddress | undefined {
  const length = { 1: 4, 2: 16 }[value[1] ?? 0];
  if (length === undefined || value.length !== 4 + length) return undefined;
  const mask = maskOf(transactionId);
  const plain = value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0));
  const port = value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16);
  return { address: length === 4 ? plain.join('.') : ipv6OfBytes(plain), port };
}

function maskOf(transactionId: Buffer): Buffer {
  const cookie = Buffer.alloc(4);
  cookie.writeUInt32BE(MAGIC_COOKIE);
  return Buffer.concat([cookie, transactionId]);
}

export type Written = {
  method: number;
  kind: StunMessage['kind'];
  transactionId: Buffer;
  attributes: readonly Buffer[];
  /** Signs the message with MESSAGE-INTEGRITY. */
  key?: Buffer | undefined;
  fingerprint?: boolean;
};

/** Writes one message, with what was asked of MESSAGE-INTEGRITY and FINGERPRINT. */
export function writeStun({ method, kind, transactionId, attributes, key, fingerprint = false }: Written): Buffer {
  const head = Buffer.alloc(HEADER_LENGTH);
  head.writeUInt16BE(typeOf(method, kind), 0);
  head.writeUInt32BE(MAGIC_COOKIE, 4);
  transactionId.copy(head, 8);
  const parts = [head, ...attributes];
  let length = attributes.reduce((sum, part) => sum + part.length, 0);
  if (key !== undefined) {
    length += 4 + INTEGRITY_LENGTH;
    head.writeUInt16BE(length, 2);
    parts.push(attribute(ATTRIBUTE.messageIntegrity, integrityOf(parts, key)));
  }
  if (fingerprint) length += 8;
  head.writeUInt16BE(length, 2);
  if (fingerprint) parts.push(numberAttribute(ATTRIBUTE.fingerprint, fingerprintOf(Buffer.concat(parts))));
  return Buffer.concat(parts);
}

/** The first two bits of ChannelData (RFC 8656, 12.4), whose number is 0x4000 to 0x4FFF. */
export const isChannelNumber = (number: number): boolean => number >= 0x4000 && number <= 0x4fff;

/**
 * How many bytes the message at `at` takes in a stream (RFC 8489, 6.2.2; RFC 8656, 12.5: ChannelData is padded to a multiple of four).
 * Its first four bytes must be there.
 */
export const lengthInStream = (bytes: Buffer, at: number): number => {
  const length = bytes.readUInt16BE(at + 2);
  return isChannelNumber(bytes.readUInt16BE(at)) ? 4 + paddedLength(length) : HEADER_LENGTH + length;
};

/**
 * ChannelData (RFC 8656, 12.4).
 * @param padded to a multiple of four, as streams want it; datagrams need none
 */
export function writeChannelData(number: number, data: Buffer, padded: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(padded ? 4 + paddedLength(data.length) : 4 + data.length);
  bytes.writeUInt16BE(number, 0);
  bytes.writeUInt16BE(data.length, 2);
  data.copy(bytes, 4);
  bytes.fill(0, 4 + data.length);
  return bytes;
}
