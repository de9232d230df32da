import { ICE_RESTART_MS } from '#protocol/limits';

/** What the network says of itself where the browser knows (Network Information API; Chromium only, `type` on phones). */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

const networkOf = (navigator: Navigator & { readonly connection?: NetworkInformation }) => navigator.connection;

/**
 * Decides when ICE is restarted: 2 s after `disconnected` (most come back by themselves), at once on `failed`, when the
 * browser is online again and when it changes networks.
 */
export class LinkRestart {
  readonly #restart: () => void;
  readonly #ended = new AbortController();
  #network = networkOf(navigator)?.type;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(restart: () => void) {
    this.#restart = restart;
    const { signal } = this.#ended;
    addEventListener('online', restart, { signal });
    networkOf(navigator)?.addEventListener('change', () => this.#networkChanged(), { signal });
  }

  /** Takes each new state of the peer connection. */
  follow(state: RTCPeerConnectionState): void {
    if (state === 'connected' || state === 'failed' || state === 'closed') this.#stopTimer();
    if (state === 'failed') this.#restart();
    if (state === 'disconnected') this.#timer ??= setTimeout(() => this.#late(), ICE_RESTART_MS);
  }

  /** Stops listening and waiting. */
  close(): void {
    this.#ended.abort();
    this.#stopTimer();
  }

  #late(): void {
    this.#stopTimer();
    this.#restart();
  }

  // The event also comes for a new estimate of the speed, which is no reason to do anything.
  #networkChanged(): void {
    const type = networkOf(navigator)?.type;
    if (type === this.#network) return;
    this.#network = type;
    this.#restart();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
