import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryHub, type MemoryBus } from '../bus/memory-bus.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { LiveServer } from './live-server.ts';
import { ManualTime } from './manual-time.ts';

/** One of several servers, with what a spec may do to it. */
export type Member = {
  server: LiveServer;
  bus: MemoryBus;
  /** Its time stands still, and it hears nothing meanwhile; what came is heard when it wakes. */
  pause(): void;
  wake(): void;
  /** It ends without a word: its sockets, its place on the bus, its time. */
  kill(): void;
};

type MemberOptions = { resumeWindowMs?: number; app?: boolean };

/** Several servers in one process: one store, one bus in memory, one manual time. */
export class SeveralServers {
  readonly time = new ManualTime();
  readonly hub = new MemoryHub(this.time);
  readonly members: Member[] = [];
  #directory = '';
  #store: Store | undefined;

  static async start(count: number, options: MemberOptions = {}): Promise<SeveralServers> {
    const several = new SeveralServers();
    several.#directory = await mkdtemp(join(tmpdir(), 'parley-several-'));
    several.#store = await openSqliteStore(several.#directory, several.time.clock);
    for (let i = 0; i < count; i++) await several.add(options);
    return several;
  }

  get store(): Store {
    if (!this.#store) throw new Error('not open');
    return this.#store;
  }

  async add(options: MemberOptions = {}): Promise<Member> {
    const { time, store } = this;
    const bus = this.hub.connect();
    const timers = new PausableTimers(time);
    const server = await LiveServer.start({ ...options, shared: { store, time, bus, timers } });
    const member: Member = {
      server,
      bus,
      pause: () => {
        timers.paused = true;
        bus.deaf = true;
      },
      wake: () => {
        timers.paused = false;
        bus.deaf = false;
      },
      kill: () => {
        timers.paused = true;
        void bus.close();
        server.cutAll();
      },
    };
    this.members.push(member);
    return member;
  }

  /** Lets time pass in small steps, so that what each step asks is answered before the next. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      this.time.pass(Math.min(250, left));
      await turns();
      // A store writes in its own time, which no manual clock knows of.
      await Promise.all(this.members.map(({ server }) => server.signaling.idle()));
      await turns();
    }
  }

  /** Lets time pass until something is true. */
  async until(what: () => boolean | Promise<boolean>, mostMs = 10_000): Promise<number> {
    const since = this.time.now();
    while (!(await what())) {
      if (this.time.now() - since > mostMs) throw new Error('it did not come true');
      await this.pass(250);
    }
    return this.time.now() - since;
  }

  async stop(): Promise<void> {
    for (const member of this.members) {
      member.wake();
      await member.server.stop();
    }
    await this.store.close();
    await rm(this.#directory, { recursive: true });
  }
}

class PausableTimers implements Timers {
  readonly #time: ManualTime;
  paused = false;

  constructor(time: ManualTime) {
    this.#time = time;
  }

  now(): number {
    return this.#time.now();
  }

  every(ms: number, work: () => void): () => void {
    return this.#time.every(ms, () => void (this.paused || work()));
  }
}

/** A few turns of the event loop: what is asked of the bus and the store is answered. */
async function turns(): Promise<void> {
  for (let i = 0; i < 8; i++) await new Promise(resolve => setImmediate(resolve));
}
