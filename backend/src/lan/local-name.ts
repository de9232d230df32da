import type { networkInterfaces } from 'node:os';
import type { Logger } from '../log.ts';
import type { Timers } from '../timers.ts';
import { LinkSocket, type LinkState } from './link-socket.ts';
import { linksOf, type Link } from './links.ts';

/** Addresses and links are looked at every so many ms; a link that failed is tried again after as many looks. */
const LOOK_MS = 10_000;
const LOOKS_TO_RETRY = 6;
/** Three probes and a little. A start waits no longer to know whether the name is answered. */
const SETTLE_MS = 2_000;
const MDNS_PORT = 5353;

export type LocalNameOptions = {
  /** The name and the addresses it may stand for, as they are now; undefined where there is no such name. */
  wanted: () => { readonly name: string; readonly addresses: readonly string[] } | undefined;
  /** `os.networkInterfaces` */
  interfaces: typeof networkInterfaces;
  log: Logger;
  timers: Timers;
  /** 5353, but for specs. */
  port?: number;
};

type Open = { socket: LinkSocket; name: string; through: string; looks: number };

/** `parley-….local` by multicast DNS (RFC 6762), on every link of this machine's network. */
export class LocalName {
  readonly #options: LocalNameOptions;
  readonly #links = new Map<string, Open>();
  readonly #said = new Set<string>();
  readonly #settled = Promise.withResolvers<void>();
  readonly #cancel: (() => void)[];
  #addresses: readonly string[] = [];

  constructor(options: LocalNameOptions) {
    this.#options = options;
    const { timers } = options;
    this.#cancel = [timers.every(LOOK_MS, () => this.look()), timers.every(SETTLE_MS, () => this.#settled.resolve())];
    this.look();
  }

  /** The name, where it is answered on some link. */
  current(): string | undefined {
    return [...this.#links.values()].find(({ socket }) => socket.phase === 'answering')?.name;
  }

  /** Resolves when it is known of every link of the start whether the name is answered there. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Opens and closes links as this machine's network and name are now. */
  look(): void {
    const wanted = this.#options.wanted();
    const links = wanted ? linksOf(this.#options.interfaces(), wanted.addresses, process.platform) : [];
    this.#addresses = links.flatMap(link => link.addresses);
    for (const [key, open] of this.#links) {
      // The system sends from the address a socket was given, even when that has gone.
      const isThere = links.some(link => link.key === key && link.through === open.through);
      const isOver = open.name !== wanted?.name || !isThere;
      const isRetried = open.socket.phase === 'failed' && ++open.looks >= LOOKS_TO_RETRY;
      if (!isOver && !isRetried) continue;
      this.#links.delete(key);
      void open.socket.stop();
    }
    for (const link of links) this.#openOrUpdate(link, wanted?.name ?? '');
    this.#settle();
  }

  /** Takes the name back on every link. */
  async stop(): Promise<void> {
    for (const cancel of this.#cancel) cancel();
    const open = [...this.#links.values()];
    this.#links.clear();
    await Promise.all(open.map(({ socket }) => socket.stop()));
  }

  #openOrUpdate(link: Link, name: string): void {
    const there = this.#links.get(link.key);
    if (there) return there.socket.update(link);
    const { port = MDNS_PORT, timers } = this.#options;
    const changed = (state: LinkState) => this.#changed(link, name, state);
    const socket = new LinkSocket({ link, name, port, timers, all: () => this.#addresses, changed });
    this.#links.set(link.key, { socket, name, through: link.through, looks: 0 });
  }

  #changed({ key }: Link, name: string, state: LinkState): void {
    if (state.phase === 'answering') this.#say('info', `${name} is answered for on ${key}`);
    if (state.phase === 'yielded' && 'why' in state)
      this.#say(
        'warn',
        `${name} is taken on ${key} by ${state.why}: is this root used on two machines? Addresses are used instead.`,
      );
    if (state.phase === 'failed' && 'why' in state)
      this.#say('warn', `${name} is not answered for on ${key}: ${state.why}. Addresses are used instead.`);
    this.#settle();
  }

  /** Each sentence once: a link that comes and goes is no news. */
  #say(level: 'info' | 'warn', text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#options.log[level](text);
  }

  #settle(): void {
    if ([...this.#links.values()].every(({ socket }) => socket.phase !== 'probing')) this.#settled.resolve();
  }
}
