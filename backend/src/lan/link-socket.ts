import { createSocket, type RemoteInfo } from 'node:dgram';
import multicastDns, { type FullPacket, type MulticastDNS, type RemoteInfoOutgoing } from 'multicast-dns';
import type { Timers } from '../timers.ts';
import { isFromLink, type Link } from './links.ts';
import { eventOf, recordsOf } from './messages.ts';
import { afterEvent, begin, type Responder, type ResponderEffect, type ResponderEvent } from './responder.ts';

/** `why`: who has the name (`yielded`), or what is wrong with the link (`failed`). */
export type LinkState = { phase: Responder['phase'] } | { phase: 'yielded' | 'failed'; why: string };

export type LinkOptions = {
  link: Link;
  /** `parley-abcd.local` */
  name: string;
  /** 5353, but for specs. */
  port: number;
  timers: Timers;
  /** This machine's addresses on any link: what our other sockets say is no objection. */
  all: () => readonly string[];
  changed: (state: LinkState) => void;
};

/** Groups of mDNS (RFC 6762, 3). */
const GROUP = { IPv4: '224.0.0.251', IPv6: 'ff02::fb' } as const;
const EVERY_ADDRESS = { IPv4: '0.0.0.0', IPv6: '::' } as const;
const BOTH = ['A', 'AAAA'] as const;

/** Who asked, to be answered alone. */
type Asker = { to: RemoteInfoOutgoing; id: number; questions: NonNullable<FullPacket['questions']> };

/** Our name on one link: a socket around `afterEvent`. */
export class LinkSocket {
  readonly #options: LinkOptions;
  readonly #mdns: MulticastDNS;
  #link: Link;
  #state: Responder | { phase: 'failed' } = begin[0];
  #cancelWake = (): void => undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#link = options.link;
    const { family, through } = options.link;
    const type = family === 'IPv4' ? 'udp4' : 'udp6';
    const socket = createSocket({ type, reuseAddr: true, ...(type === 'udp6' && { ipv6Only: true }) });
    const where = { ip: GROUP[family], port: options.port, interface: through, bind: EVERY_ADDRESS[family] };
    this.#mdns = multicastDns({ type, socket, ...where });
    this.#mdns
      .on('ready', () => this.#perform(begin[1]))
      .on('query', (packet, from) => this.#hear(packet, from))
      .on('response', (packet, from) => this.#hear(packet, from))
      .on('error', error => this.#fail(error))
      .on('warning', error => this.#warned(error));
  }

  get phase(): LinkState['phase'] {
    return this.#state.phase;
  }

  /** The link as it is now: the same place, perhaps other addresses. */
  update(link: Link): void {
    const before = this.#link.addresses.join();
    this.#link = link;
    if (link.addresses.join() !== before) this.#heed({ type: 'addresses-changed' });
  }

  /** Says goodbye where anybody may remember the name, and closes. */
  async stop(): Promise<void> {
    this.#cancelWake();
    if (this.#state.phase === 'failed') return;
    const goodbye = recordsOf(this.#options.name, this.#link.addresses, { wants: BOTH, ttl: 0 });
    if (this.#state.phase === 'answering')
      await new Promise<void>(resolve => this.#mdns.respond({ answers: goodbye.answers }, () => resolve()));
    await new Promise<void>(resolve => this.#mdns.destroy(resolve));
  }

  #hear(packet: FullPacket, from: RemoteInfo): void {
    const { name, port, timers } = this.#options;
    if (!isFromLink(from.address, this.#link)) return;
    const event = eventOf(packet, name, from.port !== port, timers.now());
    if (event === undefined) return;
    const questions = (packet.questions ?? []).filter(question => question.name.toLowerCase() === name).slice(0, 2);
    this.#heed(event, { to: { port: from.port, address: from.address }, id: packet.id ?? 0, questions });
  }

  #heed(event: ResponderEvent, asker?: Asker): void {
    if (this.#state.phase === 'failed') return;
    const before = this.#state.phase;
    const ours = { told: this.#link.addresses, all: this.#options.all() };
    const [after, effects] = afterEvent(this.#state, event, ours);
    this.#state = after;
    this.#perform(effects, asker);
    if (after.phase !== before && after.phase !== 'yielded') this.#options.changed({ phase: after.phase });
  }

  #perform(effects: readonly ResponderEffect[], asker?: Asker): void {
    const { name, changed } = this.#options;
    const { addresses } = this.#link;
    const sent = (error: Error | null): void => void (error && this.#fail(error));
    for (const effect of effects) {
      if (effect.type === 'wake') this.#wakeIn(effect.inMs);
      else if (effect.type === 'yield') changed({ phase: 'yielded', why: effect.to });
      else if (effect.type === 'announce') this.#mdns.respond(recordsOf(name, addresses, effect), sent);
      else if (effect.type === 'probe') {
        const { answers: authorities } = recordsOf(name, addresses, { wants: BOTH });
        this.#mdns.query({ questions: [{ name, type: ANY }], authorities }, sent);
      } else if (asker !== undefined) {
        const records = recordsOf(name, addresses, { ...effect, isLegacy: true });
        // That the receiver has gone meanwhile is no failure of the link.
        this.#mdns.respond({ ...records, id: asker.id, questions: asker.questions }, asker.to, () => undefined);
      }
    }
  }

  #wakeIn(ms: number): void {
    this.#cancelWake();
    const { timers } = this.#options;
    this.#cancelWake = timers.every(ms, () => {
      this.#cancelWake();
      this.#heed({ type: 'woken', at: timers.now() });
    });
  }

  /** What cannot be read is somebody else's fault; what the system refuses makes the link useless. */
  #warned(error: Error): void {
    if ('syscall' in error) this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#state.phase === 'failed') return;
    this.#state = { phase: 'failed' };
    this.#cancelWake();
    // Not at once: the library is in the middle of opening the socket.
    setImmediate(() => this.#mdns.destroy());
    this.#options.changed({ phase: 'failed', why: whyOf(error) });
  }
}

/** A question for every type (RFC 1035, 3.2.3), which the types of the library do not know. */
const ANY = 'ANY' as 'A';

function whyOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return 'another program keeps port 5353 to itself (EADDRINUSE)';
  if (code === 'EACCES' || code === 'EPERM') return `multicast is not allowed (${code})`;
  return `multicast does not work there (${code === '' ? error.message : code})`;
}
