import type { Connection } from 'mongoose';
import type { Logger } from '../../log.ts';
import { PATIENCE_MS } from './connection.ts';
import { awayError } from './faults.ts';

/** A little less than the driver waits, so that nobody it has given up is made to wait again; in ms. */
const AWAY_MS = 0.9 * PATIENCE_MS;

/**
 * ```
 *   there ── no server takes writes ──► missed ── AWAY_MS later ──► away
 *     ▲                                    │                         │
 *     └────────── one takes them ──────────┴─────────────────────────┘
 * ```
 * Whether MongoDB is there, as the driver's monitor sees it, which looks for it by itself, asked or not. While it is
 * missed, whoever asks waits in the driver: it may only be electing. Once it is away nobody waits, or those who wait in
 * a queue would wait their whole time one after the other.
 */
export class Lookout {
  readonly #log: Logger | undefined;
  #missedAt: number | undefined;
  #isTold = false;

  constructor(connection: Connection, log?: Logger) {
    this.#log = log;
    connection.getClient().on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
      this.#see(Array.from(servers.values()).some(server => server.isWritable));
    });
  }

  get isThere(): boolean {
    return this.#missedAt === undefined;
  }

  /**
   * To be asked before MongoDB is.
   * @throws StoreError `unreachable` while it is away
   */
  expect(): void {
    if (this.#missedAt === undefined || performance.now() - this.#missedAt < AWAY_MS) return;
    if (!this.#isTold) this.#log?.error('MongoDB cannot be reached: whoever needs it is told to try later');
    this.#isTold = true;
    throw awayError();
  }

  #see(isThere: boolean): void {
    if (!isThere) this.#missedAt ??= performance.now();
    else {
      if (this.#isTold) this.#log?.info('MongoDB is back');
      this.#missedAt = undefined;
      this.#isTold = false;
    }
  }
}
