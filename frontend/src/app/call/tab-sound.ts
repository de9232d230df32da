/** The sound of a shared tab and that of a microphone, as the one track that is sent. */
export class TabSound {
  readonly #context = new AudioContext();
  readonly #mixed = this.#context.createMediaStreamDestination();
  readonly #tab: MediaStreamTrack;
  #microphone: MediaStreamTrack | null = null;
  #source: MediaStreamAudioSourceNode | undefined;

  /** @param tab of the browser's capture; it is stopped by `close` */
  constructor(tab: MediaStreamTrack) {
    this.#tab = tab;
    this.#sourceOf(tab).connect(this.#mixed);
    // The encoder is told that this is more than a voice.
    this.track.contentHint = 'music';
  }

  get track(): MediaStreamTrack {
    return this.#mixed.stream.getAudioTracks()[0] as MediaStreamTrack;
  }

  /** Mixes this microphone from now on, or none. One that is muted says so itself: it is silent. */
  mix(microphone: MediaStreamTrack | null): void {
    if (microphone === this.#microphone) return;
    this.#microphone = microphone;
    this.#source?.disconnect();
    this.#source = microphone === null ? undefined : this.#sourceOf(microphone);
    this.#source?.connect(this.#mixed);
  }

  /** Stops the capture of the tab; the microphone goes on. */
  close(): void {
    this.#tab.stop();
    void this.#context.close();
  }

  readonly #sourceOf = (track: MediaStreamTrack) => this.#context.createMediaStreamSource(new MediaStream([track]));
}
