import type { Clock } from '../clock.ts';
import type { Allocation, Allocations, Channel, ClientPath } from './allocations.ts';
import { passwordOf, readUsername, type TurnOwner, type TurnUsername } from './credentials.ts';
import { Nonces } from './nonces.ts';
import * as stun from './stun-message.ts';
import { ATTRIBUTE, CLASS, METHOD, type StunMessage, type TransportAddress } from './stun-message.ts';

/**
 * The relayed address of every allocation, whatever the client, the interface or the container: of a network that is for
 * documentation (RFC 5737), so that it leads nowhere. All that can be reached through the relay is another allocation.
 */
export const RELAYED_ADDRESS = '198.51.100.1';
/** What long-term credentials are for (RFC 8489, 9.2). */
export const REALM = 'parley';

/** Lifetimes of allocations, permissions and channels (RFC 8656, 3.2, 9 and 12), in ms. */
const ALLOCATION_MS = 600_000;
const PERMISSION_MS = 300_000;
const CHANNEL_MS = 600_000;
/** REQUESTED-TRANSPORT (RFC 8656, 18.8) names a protocol of IP. */
const UDP = 17;
/** REQUESTED-ADDRESS-FAMILY (RFC 8656, 18.6). */
const IPV4 = 1;

const REASONS = {
  400: 'Bad Request',
  401: 'Unauthenticated',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  486: 'Allocation Quota Reached',
  508: 'Insufficient Capacity',
} as const;
/** Codes of RFC 8489, 14.8 and RFC 8656, 19. */
export type ErrorCode = keyof typeof REASONS;

/** Below this a client demands that its attribute is understood (RFC 8489, 5). */
const OPTIONAL_FROM = 0x8000;
const UNDERSTOOD = new Set<number>(Object.values(ATTRIBUTE));

/** Whose request it is: `own` is the allocation of its path, if it has one. */
type Asked = { path: ClientPath; own: Allocation | undefined; message: StunMessage };
/** Proved by MESSAGE-INTEGRITY. */
type Signed = { username: string; owner: TurnUsername; key: Buffer };
/** What a client gets: `own` is the allocation it has from now on. */
export type Answer = { own: Allocation | undefined; bytes: Buffer; refused?: ErrorCode };

export type RequestsOptions = {
  secret: string;
  clock: Clock;
  allocations: Allocations;
  /** Whether the owner of these credentials may have an allocation now. */
  mayRelay: (owner: TurnOwner) => boolean;
};

/** Answers STUN and TURN requests (RFC 8489, RFC 8656) over a table of allocations. */
export class TurnRequests {
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #allocations: Allocations;
  readonly #mayRelay: RequestsOptions['mayRelay'];
  readonly #nonces = new Nonces();

  constructor({ secret, clock, allocations, mayRelay }: RequestsOptions) {
    this.#secret = secret;
    this.#clock = clock;
    this.#allocations = allocations;
    this.#mayRelay = mayRelay;
  }

  answer(asked: Asked): Answer {
    const { path, own, message } = asked;
    const unknown = message.attributes.filter(({ type }) => type < OPTIONAL_FROM && !UNDERSTOOD.has(type));
    if (unknown.length > 0) return this.#refuse(asked, 420, undefined, [unknownAttributes(unknown)]);
    if (message.method === METHOD.binding) return succeed(asked, own, undefined, [mappedAddress(path, message)]);
    const signed = this.#authenticate(asked);
    if (typeof signed === 'number') return this.#refuse(asked, signed);
    if (message.method === METHOD.allocate) return this.#allocate(asked, signed);
    if (own === undefined) return this.#refuse(asked, 437, signed.key);
    if (own.username !== signed.username) return this.#refuse(asked, 441, signed.key);
    if (message.method === METHOD.refresh) return this.#refresh(asked, own);
    if (message.method === METHOD.createPermission) return this.#permit(asked, own);
    if (message.method === METHOD.channelBind) return this.#bind(asked, own);
    return this.#refuse(asked, 400, signed.key);
  }

  /** RFC 8489, 9.2.4. A living allocation keeps the key it was made with, even when its credentials have expired. */
  #authenticate({ path, own, message }: Asked): Signed | ErrorCode {
    if (message.integrityAt === undefined) return 401;
    const text = (type: number) => stun.attributeOf(message, type)?.toString();
    const [username, realm, nonce] = [text(ATTRIBUTE.username), text(ATTRIBUTE.realm), text(ATTRIBUTE.nonce)];
    if (username === undefined || realm === undefined || nonce === undefined) return 400;
    const now = this.#clock.now();
    const isOwn = own?.username === username;
    const owner = readUsername(username);
    if (owner === undefined || (!isOwn && owner.expiresAt * 1_000 <= now)) return 401;
    const key = isOwn ? own.key : stun.longTermKey(username, REALM, passwordOf(this.#secret, username));
    if (!stun.isIntact(message, key)) return 401;
    return this.#nonces.isFresh(nonce, textOf(path.remote), now) ? { username, owner, key } : 438;
  }

  /** RFC 8656, 7.2. */
  #allocate(asked: Asked, { username, owner, key }: Signed): Answer {
    const { path, own, message } = asked;
    if (own?.transactionId.equals(message.transactionId) === true) return allocated(asked, own);
    const code = own === undefined ? refusalOfAllocate(message) : 437;
    if (code !== undefined) return this.#refuse(asked, code, key);
    if (!this.#mayRelay(owner)) return this.#refuse(asked, 403, key);
    const full = this.#allocations.refusal(owner.userId);
    if (full !== undefined) return this.#refuse(asked, full === 'user' ? 486 : 508, key);
    const until = this.#clock.now() + ALLOCATION_MS;
    const transactionId = Buffer.from(message.transactionId);
    return allocated(asked, this.#allocations.add({ username, owner, key, transactionId, path, until }));
  }

  /** RFC 8656, 8.2. */
  #refresh(asked: Asked, own: Allocation): Answer {
    const { message } = asked;
    const family = stun.attributeOf(message, ATTRIBUTE.requestedAddressFamily);
    if (family !== undefined && family[0] !== IPV4) return this.#refuse(asked, 443, own.key);
    const lifetime = stun.attributeOf(message, ATTRIBUTE.lifetime);
    const isOver = lifetime?.length === 4 && lifetime.readUInt32BE() === 0;
    if (isOver) this.#allocations.remove(own);
    else own.until = this.#clock.now() + ALLOCATION_MS;
    return succeed(asked, isOver ? undefined : own, own.key, [lifetimeAttribute(isOver ? 0 : ALLOCATION_MS)]);
  }

  /** RFC 8656, 10.2. */
  #permit(asked: Asked, own: Allocation): Answer {
    const peers = peersOf(asked.message);
    if (peers === undefined || peers.length === 0) return this.#refuse(asked, 400, own.key);
    if (peers.some(({ address }) => address !== RELAYED_ADDRESS)) return this.#refuse(asked, 403, own.key);
    own.permittedUntil = this.#clock.now() + PERMISSION_MS;
    return succeed(asked, own, own.key, []);
  }

  /** RFC 8656, 12.2: a number leads to one peer, and a peer has one number. */
  #bind(asked: Asked, own: Allocation): Answer {
    const number = readNumber(stun.attributeOf(asked.message, ATTRIBUTE.channelNumber));
    const peer = peersOf(asked.message)?.[0];
    if (number === undefined || peer === undefined) return this.#refuse(asked, 400, own.key);
    if (peer.address !== RELAYED_ADDRESS) return this.#refuse(asked, 403, own.key);
    const now = this.#clock.now();
    const isOther = (channel: Channel | undefined) =>
      channel !== undefined && channel.until > now && (channel.number !== number || channel.port !== peer.port);
    if (isOther(own.channels.get(number)) || isOther(own.channelTo.get(peer.port)))
      return this.#refuse(asked, 400, own.key);
    const channel = { number, port: peer.port, until: now + CHANNEL_MS };
    own.channels.set(number, channel);
    own.channelTo.set(peer.port, channel);
    own.permittedUntil = now + PERMISSION_MS;
    return succeed(asked, own, own.key, []);
  }

  /** @param key signs the refusal of a request that was signed itself */
  #refuse(asked: Asked, code: ErrorCode, key?: Buffer, more: readonly Buffer[] = []): Answer {
    const { path, own } = asked;
    const nonce = () => this.#nonces.make(textOf(path.remote), this.#clock.now());
    const challenge =
      code === 401 || code === 438
        ? [stun.attribute(ATTRIBUTE.realm, REALM), stun.attribute(ATTRIBUTE.nonce, nonce())]
        : [];
    const attributes = [stun.errorAttribute(code, REASONS[code]), ...more, ...challenge];
    return { own, bytes: written(asked, CLASS.error, key, attributes), refused: code };
  }
}

function written({ message }: Asked, kind: StunMessage['kind'], key: Buffer | undefined, attributes: Buffer[]): Buffer {
  const { method, transactionId, hasFingerprint: fingerprint } = message;
  return stun.writeStun({ method, kind, transactionId, attributes, key, fingerprint });
}

const succeed = (asked: Asked, own: Allocation | undefined, key: Buffer | undefined, attributes: Buffer[]): Answer => ({
  own,
  bytes: written(asked, CLASS.success, key, attributes),
});

function allocated(asked: Asked, own: Allocation): Answer {
  const { path, message } = asked;
  const relayed = { address: RELAYED_ADDRESS, port: own.port };
  return succeed(asked, own, own.key, [
    stun.addressAttribute(ATTRIBUTE.xorRelayedAddress, relayed, message.transactionId),
    lifetimeAttribute(ALLOCATION_MS),
    mappedAddress(path, message),
  ]);
}

/** Why an Allocate request cannot be granted, by what it asks for (RFC 8656, 7.2). */
function refusalOfAllocate(message: StunMessage): ErrorCode | undefined {
  const transport = stun.attributeOf(message, ATTRIBUTE.requestedTransport);
  if (transport?.length !== 4) return 400;
  if (transport[0] !== UDP) return 442;
  const family = stun.attributeOf(message, ATTRIBUTE.requestedAddressFamily);
  const evenPort = stun.attributeOf(message, ATTRIBUTE.evenPort);
  const token = stun.attributeOf(message, ATTRIBUTE.reservationToken);
  if (family !== undefined && (evenPort ?? token) !== undefined) return 400;
  if (family !== undefined && family[0] !== IPV4) return 440;
  // A port next to this one is not reserved: RTP and RTCP share one port (RFC 8834, 4.5).
  return token !== undefined || ((evenPort?.[0] ?? 0) & 0x80) !== 0 ? 508 : undefined;
}

/** The peers of a message; undefined where one of them is no address. */
export function peersOf(message: StunMessage): TransportAddress[] | undefined {
  const peers: TransportAddress[] = [];
  for (const { type, value } of message.attributes) {
    if (type !== ATTRIBUTE.xorPeerAddress) continue;
    const peer = stun.readAddress(value, message.transactionId);
    if (peer === undefined) return undefined;
    peers.push(peer);
  }
  return peers;
}

/** CHANNEL-NUMBER (RFC 8656, 18.1). */
function readNumber(value: Buffer | undefined): number | undefined {
  const number = value?.length === 4 ? value.readUInt16BE(0) : 0;
  return stun.isChannelNumber(number) ? number : undefined;
}

const lifetimeAttribute = (ms: number): Buffer => stun.numberAttribute(ATTRIBUTE.lifetime, ms / 1_000);

const mappedAddress = ({ remote }: ClientPath, { transactionId }: StunMessage): Buffer =>
  stun.addressAttribute(ATTRIBUTE.xorMappedAddress, remote, transactionId);

function unknownAttributes(unknown: readonly { type: number }[]): Buffer {
  const value = Buffer.alloc(2 * unknown.length);
  for (const [index, { type }] of unknown.entries()) value.writeUInt16BE(type, 2 * index);
  return stun.attribute(ATTRIBUTE.unknownAttributes, value);
}

const textOf = ({ address, port }: TransportAddress): string => `${address} ${port}`;
