import type { CallId, DeviceAddress } from '#protocol/ids';
import type { Clock } from '../clock.ts';
import { Allocations, type Allocation, type AllocationLimits, type ClientPath } from './allocations.ts';
import * as stun from './stun-message.ts';
import { ATTRIBUTE, CLASS, METHOD } from './stun-message.ts';
import { isTestCall, type TurnOwner } from './credentials.ts';
import { peersOf, RELAYED_ADDRESS, TurnRequests, type ErrorCode } from './turn-requests.ts';

/** Why a packet or a request went nowhere: a code of TURN, or what was missing. */
export type RelayRefusal = ErrorCode | 'no-permission' | 'no-peer' | 'too-much' | 'malformed';

export type SwitchOptions = {
  /** What credentials are signed with. */
  secret: string;
  clock: Clock;
  /** Laid over the usual ones. */
  limits?: Partial<AllocationLimits>;
  /** Whether this device has a seat in this call now. */
  isSeated: (device: DeviceAddress, callId: CallId) => boolean;
  /** Told of each packet that was handed on, with its bytes. */
  onRelayed?: (bytes: number) => void;
  /** Told once of a call of which much media has been handed on. */
  onRelayedCall?: () => void;
  onRefused?: (why: RelayRefusal) => void;
};

/**
 * Packets of media, of both ends, by which a call counts as relayed: about five seconds of speech. A call that finds a direct
 * path may send some by the relay before.
 */
const RELAYED_PACKETS = 500;

const LIMITS: AllocationLimits = { all: 2_000, perUser: 32, bytesPerSecond: 1_500_000 };

/** One client: it may have one allocation (RFC 8656, 2.2). */
export type RelayClient = {
  readonly hasAllocation: boolean;
  /** Takes one whole STUN message or ChannelData. */
  receive(message: Buffer): void;
  /** The path is gone: so is the allocation. */
  close(): void;
};

/**
 * A TURN server (RFC 8656) without a socket of its own: allocations are rows of a table, and what one client sends to the
 * relayed address of another is handed to that client. Allocations of one call reach each other and nothing else: since they
 * all have one address, a permission (which is for an address) does not tell them apart, and the call does.
 */
export class RelaySwitch {
  readonly #clock: Clock;
  readonly #allocations: Allocations;
  readonly #requests: TurnRequests;
  readonly #mayRelay: (owner: TurnOwner) => boolean;
  readonly #media = new Map<CallId, number>();
  readonly #onRelayedCall: () => void;
  readonly #onRelayed: (bytes: number) => void;
  readonly #onRefused: (why: RelayRefusal) => void;

  constructor(options: SwitchOptions) {
    const { secret, clock, limits, isSeated } = options;
    const { onRelayed = () => {}, onRelayedCall = () => {}, onRefused = () => {} } = options;
    this.#clock = clock;
    this.#allocations = new Allocations({ ...LIMITS, ...limits });
    this.#mayRelay = owner => isTestCall(owner.callId) || isSeated(owner, owner.callId);
    this.#requests = new TurnRequests({ secret, clock, allocations: this.#allocations, mayRelay: this.#mayRelay });
    this.#onRelayed = onRelayed;
    this.#onRelayedCall = onRelayedCall;
    this.#onRefused = onRefused;
  }

  /** How many allocations there are. */
  get allocations(): number {
    return this.#allocations.count;
  }

  /** A client that has come by a path: a stream, or the address that datagrams come from. */
  client(path: ClientPath): RelayClient {
    let allocation: Allocation | undefined;
    const live = () => (allocation !== undefined && this.#isLive(allocation) ? allocation : undefined);
    return {
      get hasAllocation() {
        return live() !== undefined;
      },
      receive: bytes => {
        allocation = this.#receive(path, live(), bytes);
      },
      close: () => {
        if (allocation !== undefined) this.#allocations.remove(allocation);
        allocation = undefined;
      },
    };
  }

  /** A call that is over is relayed no longer, though its credentials may not have expired. */
  endCall(callId: CallId): void {
    this.#allocations.removeWhere(({ owner }) => owner.callId === callId);
    this.#media.delete(callId);
  }

  /** Removes what has expired, and what devices have that left their seats; to be called once a second. */
  sweep(): void {
    const now = this.#clock.now();
    this.#allocations.removeWhere(({ until, owner }) => until <= now || !this.#mayRelay(owner));
  }

  #isLive(allocation: Allocation): boolean {
    return allocation.until > this.#clock.now() && this.#allocations.at(allocation.port) === allocation;
  }

  /** @returns the allocation that the path has afterwards */
  #receive(path: ClientPath, own: Allocation | undefined, bytes: Buffer): Allocation | undefined {
    if (bytes.length >= 4 && stun.isChannelNumber(bytes.readUInt16BE(0))) {
      if (own !== undefined) this.#channelData(own, bytes);
      return own;
    }
    const message = stun.readStun(bytes);
    if (message === undefined) this.#onRefused('malformed');
    else if (message.kind === CLASS.request) {
      const answer = this.#requests.answer({ path, own, message });
      if (answer.refused !== undefined) this.#onRefused(answer.refused);
      path.send(answer.bytes, 'control');
      return answer.own;
    } else if (message.kind === CLASS.indication && message.method === METHOD.send && own !== undefined)
      this.#sendIndication(own, message);
    return own;
  }

  /** RFC 8656, 12.6. */
  #channelData(from: Allocation, message: Buffer): void {
    const length = message.readUInt16BE(2);
    const channel = from.channels.get(message.readUInt16BE(0));
    if (message.length < 4 + length) this.#onRefused('malformed');
    else if (channel === undefined || channel.until <= this.#clock.now()) this.#onRefused('no-permission');
    else this.#forward(from, channel.port, message.subarray(4, 4 + length));
  }

  /** RFC 8656, 11.2. An indication is never answered. */
  #sendIndication(from: Allocation, message: stun.StunMessage): void {
    const data = stun.attributeOf(message, ATTRIBUTE.data);
    const peer = peersOf(message)?.[0];
    if (data === undefined || peer === undefined) this.#onRefused('malformed');
    else if (peer.address !== RELAYED_ADDRESS) this.#onRefused('no-permission');
    else this.#forward(from, peer.port, data);
  }

  #forward(from: Allocation, port: number, data: Buffer): void {
    const now = this.#clock.now();
    const to = this.#allocations.at(port);
    if (to === undefined || to.until <= now || to.owner.callId !== from.owner.callId) return this.#onRefused('no-peer');
    if (from.permittedUntil <= now || to.permittedUntil <= now) return this.#onRefused('no-permission');
    if (!this.#allocations.maySend(from, data.length, now)) return this.#onRefused('too-much');
    const channel = to.channelTo.get(from.port);
    const bytes =
      channel !== undefined && channel.until > now
        ? stun.writeChannelData(channel.number, data, to.path.isStream)
        : dataIndication(from.port, data);
    this.#onRelayed(data.length);
    if (isMedia(data)) this.#countMedia(from.owner.callId);
    to.path.send(bytes, isMedia(data) ? 'media' : 'control');
  }

  #countMedia(callId: TurnOwner['callId']): void {
    if (isTestCall(callId)) return;
    const packets = (this.#media.get(callId) ?? 0) + 1;
    this.#media.set(callId, packets);
    if (packets === RELAYED_PACKETS) this.#onRelayedCall();
  }
}

/** RFC 8656, 11.4: of a peer without a channel. Nothing answers it, so that its transaction id need not differ. */
function dataIndication(fromPort: number, data: Buffer): Buffer {
  const transactionId = Buffer.alloc(12);
  const from = { address: RELAYED_ADDRESS, port: fromPort };
  const attributes = [
    stun.addressAttribute(ATTRIBUTE.xorPeerAddress, from, transactionId),
    stun.attribute(ATTRIBUTE.data, data),
  ];
  return stun.writeStun({ method: METHOD.data, kind: CLASS.indication, transactionId, attributes });
}

/** RFC 7983, 7: the first byte of RTP and RTCP. */
const isMedia = (data: Buffer): boolean => data.length > 0 && (data[0] ?? 0) >= 128 && (data[0] ?? 0) <= 191;
