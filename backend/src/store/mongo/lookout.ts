import type { Connection } from 'mongoose';
import type { Logger } from '../../log.ts';
import { LOOK_MS, PATIENCE_MS } from './connection.ts';
import { awayError } from './faults.ts';

/** A little less than the driver waits, so that nobody it has given up is made to wait again; in ms. */
const AWAY_MS = 0.9 * PATIENCE_MS;
/** One that is there is heard of every `LOOK_MS`; and what a busy machine may add, in ms. */
const SILENT_MS = LOOK_MS + 1_000;

/**
 * ```
 *   there ── no server takes writes, or none is heard of ──► missed ── AWAY_MS later ──► away
 *     ▲                                                         │                         │
 *     └─────────────────────── one takes them ──────────────────┴─────────────────────────┘
 * ```
 * Whether MongoDB is there, as the driver's monitor sees it, which looks for it by itself, asked or not. While it is
 * missed, whoever asks waits in the driver: it may only be electing. Once it is away nobody waits, or those who wait in
 * a queue would wait their whole time one after the other. The driver itself gives up one that keeps its connections and says
 * nothing only after `PATIENCE_MS` and a look.
 */
export class Lookout {
  readonly #log: Logger | undefined;
  /** When one that takes writes was heard of last, or since when there is none; in ms of `performance.now()`. */
  #lastAt = performance.now();
  #isMissed = false;
  #isTold = false;

  constructor(connection: Connection, log?: Logger) {
    this.#log = log;
    const client = connection.getClient();
    client.on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
      if (Array.from(servers.values()).some(server => server.isWritable)) this.#hear();
      else this.#miss();
    });
    client.on('serverHeartbeatSucceeded', ({ reply }) => {
      if (reply['isWritablePrimary'] === true) this.#hear();
    });
  }

  get isThere(): boolean {
    return !this.#isMissed && this.#goneMs < AWAY_MS;
  }

  /** Whether it is missed for so long that it does not answer what it was asked before, either. */
  get isSilent(): boolean {
    return this.#goneMs > SILENT_MS;
  }

  /**
   * To be asked before MongoDB is.
   * @throws StoreError `unreachable` while it is away
   */
  expect(): void {
    if (this.#goneMs < AWAY_MS) return;
    if (!this.#isTold) this.#log?.error('MongoDB cannot be reached: whoever needs it is told to try later');
    this.#isTold = true;
    throw awayError();
  }

  get #goneMs(): number {
    return performance.now() - this.#lastAt;
  }

  #hear(): void {
    if (this.#isTold) this.#log?.info('MongoDB is back');
    this.#isTold = false;
    this.#isMissed = false;
    this.#lastAt = performance.now();
  }

  #miss(): void {
    // One that was silent before is missed since then.
    if (!this.#isMissed && !this.isSilent) this.#lastAt = performance.now();
    this.#isMissed = true;
  }
}
