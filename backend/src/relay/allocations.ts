import { randomInt } from 'node:crypto';
import { Counts } from '../counts.ts';
import type { TransportAddress } from './stun-message.ts';
import type { TurnUsername } from './credentials.ts';

/** A packet that must arrive, or one of media, whose time is soon over. */
export type Urgency = 'control' | 'media';

/** The way back to a client: what a 5-tuple is in RFC 8656, 2.2. */
export type ClientPath = {
  readonly remote: TransportAddress;
  /** On a stream ChannelData is padded (RFC 8656, 12.5). */
  readonly isStream: boolean;
  send(bytes: Buffer, urgency: Urgency): void;
};

/** A channel of one allocation to a peer's port (RFC 8656, 2.5). `until`: ms since the epoch, as all times here. */
export type Channel = { readonly number: number; readonly port: number; until: number };

/** RFC 8656, 2.2. Its relayed address is a port of an address that exists nowhere. */
export type Allocation = {
  readonly port: number;
  readonly username: string;
  readonly owner: TurnUsername;
  readonly key: Buffer;
  /** Of the request that made it: the same one again is a retransmission. */
  readonly transactionId: Buffer;
  readonly path: ClientPath;
  until: number;
  /** Until when relayed addresses may send to it, and it to them (RFC 8656, 2.3). */
  permittedUntil: number;
  readonly channels: Map<number, Channel>;
  readonly channelTo: Map<number, Channel>;
  /** What may still be sent of this second's bytes, and which second it is. */
  allowance: number;
  second: number;
};

export type AllocationLimits = {
  /** Allocations there are at once. */
  all: number;
  /** Of one user. */
  perUser: number;
  /** Bytes that one allocation may send in a second. */
  bytesPerSecond: number;
};

/** The dynamic ports (RFC 6335, 6), as RFC 8656, 7.2 recommends for relayed addresses. */
const PORTS = { first: 49_152, last: 65_535 };

/** The allocations there are, by relayed port. */
export class Allocations {
  readonly #limits: AllocationLimits;
  readonly #byPort = new Map<number, Allocation>();
  readonly #perUser = new Counts();

  constructor(limits: AllocationLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#byPort.size;
  }

  at(port: number): Allocation | undefined {
    return this.#byPort.get(port);
  }

  /** @returns why there is no room: `user` for the user's own limit, `all` for everybody's */
  refusal(userId: string): 'user' | 'all' | undefined {
    if (this.#perUser.of(userId) >= this.#limits.perUser) return 'user';
    return this.#byPort.size >= this.#limits.all ? 'all' : undefined;
  }

  /** Adds an allocation at a random port. */
  add(facts: Pick<Allocation, 'username' | 'owner' | 'key' | 'transactionId' | 'path' | 'until'>): Allocation {
    let port = randomInt(PORTS.first, PORTS.last + 1);
    while (this.#byPort.has(port)) port = port === PORTS.last ? PORTS.first : port + 1;
    const allocation: Allocation = {
      ...facts,
      port,
      permittedUntil: 0,
      channels: new Map(),
      channelTo: new Map(),
      allowance: 0,
      second: 0,
    };
    this.#byPort.set(port, allocation);
    this.#perUser.add(facts.owner.userId);
    return allocation;
  }

  remove(allocation: Allocation): void {
    if (this.#byPort.get(allocation.port) !== allocation) return;
    this.#byPort.delete(allocation.port);
    this.#perUser.remove(allocation.owner.userId);
  }

  /** Removes those that `isOver` names. */
  removeWhere(isOver: (allocation: Allocation) => boolean): void {
    for (const allocation of this.#byPort.values()) if (isOver(allocation)) this.remove(allocation);
  }

  /** Takes `bytes` of what an allocation may send in this second; false where that is used up. */
  maySend(allocation: Allocation, bytes: number, now: number): boolean {
    const second = Math.trunc(now / 1_000);
    if (allocation.second !== second) {
      allocation.second = second;
      allocation.allowance = this.#limits.bytesPerSecond;
    }
    if (allocation.allowance < bytes) return false;
    allocation.allowance -= bytes;
    return true;
  }
}
