import { ICE_RESTART_MS } from '#protocol/limits';
import { MediaFlow, type Receiver } from './media-flow';

/** What the network says of itself where the browser knows (Network Information API; Chromium only, `type` on phones). */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

const networkOf = (navigator: Navigator & { readonly connection?: NetworkInformation }) => navigator.connection;

/** How often receivers are asked what has come, in ms. */
const LOOK_MS = 250;
/** Media that is expected and has not come for this long has stalled, in ms. */
const STALLED_MS = 1_000;
/** A restart that has brought no media is tried again after this, in ms. */
const AGAIN_MS = 4_000;

export interface LinkRestartOptions {
  readonly restart: () => void;
  /** Another peer connection is to take this one's place. */
  readonly replace: () => void;
  /** Media has stopped: the socket may be dead, too. */
  readonly stalled: () => void;
  readonly receivers: () => readonly Receiver[];
}

/**
 * Decides when ICE is restarted: at once on `failed`, when the browser is online again and when it changes networks; 2 s
 * after `disconnected` or the last media (most come back by themselves). Media that has stopped and a socket that was lost
 * meanwhile are a change of network. Then the whole peer connection is replaced: Chromium keeps sending by the old path for
 * 3.5 s after a restart, and its decoder waits two more for a picture to begin with.
 */
export class LinkRestart {
  readonly #options: LinkRestartOptions;
  readonly #flow: MediaFlow;
  readonly #ended = new AbortController();
  readonly #looking: ReturnType<typeof setInterval>;
  #network = networkOf(navigator)?.type;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #expected = false;
  #returnedAt = -Infinity;
  #restartedAt = -Infinity;
  #told = false;

  constructor(options: LinkRestartOptions) {
    this.#options = options;
    this.#flow = new MediaFlow(options.receivers);
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    const { signal } = this.#ended;
    addEventListener('online', options.restart, { signal });
    networkOf(navigator)?.addEventListener('change', () => this.#networkChanged(), { signal });
  }

  /** Takes each new state of the peer connection. */
  follow(state: RTCPeerConnectionState): void {
    if (state === 'connected' || state === 'failed' || state === 'closed') this.#stopTimer();
    if (state === 'failed') this.#options.restart();
    if (state === 'disconnected') this.#timer ??= setTimeout(() => this.#late(), ICE_RESTART_MS);
  }

  /** Whether the peer says that it sends something: silence means nothing otherwise. */
  expect(media: boolean): void {
    this.#expected = media;
  }

  /** ICE begins again, by whichever end: the new path gets its time before silence counts again. */
  restarted(): void {
    this.#restartedAt = performance.now();
  }

  /** The socket was lost and is back. */
  socketReturned(): void {
    this.#returnedAt = performance.now();
    this.#look();
  }

  /** Stops listening and waiting. */
  close(): void {
    clearInterval(this.#looking);
    this.#ended.abort();
    this.#stopTimer();
  }

  #look(): void {
    this.#flow.look();
    const { movedAt } = this.#flow;
    if (movedAt === undefined || !this.#expected) return;
    const now = performance.now();
    const silentMs = now - movedAt;
    if (silentMs < STALLED_MS) this.#told = false;
    else if (!this.#told) {
      this.#told = true;
      this.#options.stalled();
    }
    if (silentMs >= STALLED_MS && this.#returnedAt > movedAt) this.#replace();
    else if (silentMs >= ICE_RESTART_MS && now - this.#restartedAt >= AGAIN_MS) this.#options.restart();
  }

  #replace(): void {
    this.close();
    this.#options.replace();
  }

  #late(): void {
    this.#stopTimer();
    this.#options.restart();
  }

  // The event also comes for a new estimate of the speed, which is no reason to do anything.
  #networkChanged(): void {
    const type = networkOf(navigator)?.type;
    if (type === this.#network) return;
    this.#network = type;
    this.#options.restart();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
