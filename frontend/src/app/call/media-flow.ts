/** What tells of the media that a receiver has delivered last. */
export type Receiver = Pick<RTCRtpReceiver, 'getSynchronizationSources'>;

/**
 * Tells since when no media has come. A peer connection calls itself `disconnected` about five seconds after its path has
 * gone; the receivers know at once, and asking them (W3C webrtc, `getSynchronizationSources`) costs no statistics.
 */
export class MediaFlow {
  readonly #receivers: () => readonly Receiver[];
  #seen = '';
  #movedAt: number | undefined;

  constructor(receivers: () => readonly Receiver[]) {
    this.#receivers = receivers;
  }

  /** When a look last found something new, on the page's clock in ms; undefined before anything has come. */
  get movedAt(): number | undefined {
    return this.#movedAt;
  }

  /** To be called some times a second. */
  look(): void {
    const seen = this.#receivers()
      .flatMap(receiver =>
        receiver.getSynchronizationSources().map(({ source, timestamp }) => `${source} ${timestamp}`),
      )
      .join();
    if (seen === this.#seen || seen === '') return;
    this.#seen = seen;
    this.#movedAt = performance.now();
  }
}
