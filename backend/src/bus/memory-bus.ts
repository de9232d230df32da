import type { Timers } from '../timers.ts';
import type { Bus, Ears } from './bus.ts';

type Lease = { owner: string; until: number };

/** A bus inside one process, for as many servers as live in it. Everything arrives a turn of the event loop later. */
export class MemoryHub {
  readonly #buses = new Set<MemoryBus>();
  readonly #leases = new Map<string, Lease>();
  readonly #timers: Timers;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  connect(): MemoryBus {
    const bus = new MemoryBus(this);
    this.#buses.add(bus);
    return bus;
  }

  leave(bus: MemoryBus): void {
    this.#buses.delete(bus);
  }

  publish(topic: string, text: string): number {
    const hearing = [...this.#buses].filter(bus => bus.hears(topic));
    for (const bus of hearing) bus.hear(topic, text);
    return hearing.length;
  }

  claim(lease: string, owner: string, ms: number): string {
    const now = this.#timers.now();
    const known = this.#leases.get(lease);
    if (known && known.until > now && known.owner !== owner) return known.owner;
    this.#leases.set(lease, { owner, until: now + ms });
    return owner;
  }

  release(lease: string, owner: string): void {
    if (this.#leases.get(lease)?.owner === owner) this.#leases.delete(lease);
  }

  isHeld(lease: string): boolean {
    return (this.#leases.get(lease)?.until ?? 0) > this.#timers.now();
  }

  /** As an engine without persistence that is started anew. */
  forget(): void {
    this.#leases.clear();
  }
}

/** One server's end of a `MemoryHub`. */
export class MemoryBus implements Bus {
  readonly #hub: MemoryHub;
  readonly #topics = new Set<string>();
  #ears: Ears | undefined;
  #up = true;
  #deaf = false;
  readonly #waiting: [topic: string, text: string][] = [];

  constructor(hub: MemoryHub) {
    this.#hub = hub;
  }

  get up(): boolean {
    return this.#up;
  }

  listen(ears: Ears): void {
    this.#ears = ears;
  }

  async publish(topic: string, text: string): Promise<number | null> {
    return this.#up ? this.#hub.publish(topic, text) : null;
  }

  async subscribe(topic: string): Promise<void> {
    this.#topics.add(topic);
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
  }

  async claim(lease: string, owner: string, ms: number): Promise<string> {
    if (!this.#up) throw new Error('the bus is down');
    return this.#hub.claim(lease, owner, ms);
  }

  async release(lease: string, owner: string): Promise<void> {
    if (this.#up) this.#hub.release(lease, owner);
  }

  async held(leases: readonly string[]): Promise<boolean[]> {
    if (!this.#up) throw new Error('the bus is down');
    return leases.map(lease => this.#hub.isHeld(lease));
  }

  async close(): Promise<void> {
    this.#up = false;
    this.#hub.leave(this);
  }

  hears(topic: string): boolean {
    return this.#up && this.#topics.has(topic);
  }

  hear(topic: string, text: string): void {
    this.#waiting.push([topic, text]);
    setImmediate(() => this.#take());
  }

  /** While it is deaf everything waits, as in the socket of a process that was stopped. */
  set deaf(deaf: boolean) {
    this.#deaf = deaf;
    if (!deaf) setImmediate(() => this.#take());
  }

  #take(): void {
    if (this.#deaf) return;
    for (const [topic, text] of this.#waiting.splice(0)) if (this.#up) this.#ears?.onMessage(topic, text);
  }

  /** Cuts this server off, or lets it in again. */
  set(up: boolean): void {
    if (this.#up === up) return;
    this.#up = up;
    if (up) this.#ears?.onUp();
    else this.#ears?.onDown();
  }
}
