/** What comes over a channel. */
export interface ChannelListener {
  readonly opened: () => void;
  readonly heard: (data: unknown) => void;
  readonly closed: () => void;
}

/** Most messages that wait for the part of the app that handles them: each feature waits for an answer before it says much. */
const MOST_EARLY = 64;

/** A data channel that loses nothing of what comes before somebody listens. */
export class PeerChannel {
  readonly #channel: RTCDataChannel;
  readonly #early: unknown[] = [];
  #listener: ChannelListener | null = null;

  constructor(channel: RTCDataChannel) {
    this.#channel = channel;
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => this.#listener?.opened();
    channel.onclose = () => this.#listener?.closed();
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (this.#listener) this.#listener.heard(data);
      else if (this.#early.push(data) > MOST_EARLY) channel.close();
    };
  }

  /** @returns ends it; another one may listen then */
  listen(listener: ChannelListener): () => void {
    this.#listener = listener;
    if (this.#channel.readyState === 'open') listener.opened();
    for (const data of this.#early.splice(0)) listener.heard(data);
    return () => (this.#listener = null);
  }

  /** The channel itself, while something can be sent. */
  get open(): RTCDataChannel | null {
    return this.#channel.readyState === 'open' ? this.#channel : null;
  }

  /** The other end does not keep to the protocol. */
  close(): void {
    this.#channel.close();
  }
}
