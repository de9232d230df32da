import { type ChannelName, CHANNELS } from '#protocol/direct/channel';
import { type LinkMessage } from './link-message';
import { LinkRestart } from './link-restart';
import { Negotiation } from './negotiation';

export type MediaKind = 'audio' | 'video';
/** What of the peer arrives: also the camera beside a shared screen. */
export type Received = MediaKind | 'beside';

/** What a link tells the call machine: both descriptions are set; it is up; it is down; another one is needed. */
export type LinkReport = 'negotiated' | 'up' | 'down' | 'broken';

/** What a link is built from. */
export interface LinkOptions {
  readonly role: 'polite' | 'impolite';
  readonly configuration: RTCConfiguration;
  /** The peer's track of this kind is there: silent and black until something comes. */
  readonly received: (what: Received, track: MediaStreamTrack) => void;
  readonly send: (message: LinkMessage) => void;
  readonly report: (report: LinkReport) => void;
  /** The peer's media has stopped though it says that it sends. */
  readonly stalled: () => void;
  /** There is a channel of this name; it opens with the link and closes with it. */
  readonly channel: (name: ChannelName, channel: RTCDataChannel) => void;
}

/** It is seen small, and the screen has the better part of what the network carries (bit/s). */
const BESIDE: RTCRtpTransceiverInit = {
  direction: 'sendonly',
  sendEncodings: [{ maxBitrate: 250_000, scaleResolutionDownBy: 2 }],
};

/**
 * One `RTCPeerConnection` between the two seats of a call. The caller (impolite) makes one audio and one video
 * transceiver, in audio calls too; the callee takes those of the offer. From then on sound and picture come and go by
 * `replaceTrack`; negotiation happens for ICE restarts, and for the camera beside a screen.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #pc: RTCPeerConnection;
  readonly #negotiation: Negotiation;
  readonly #restart: LinkRestart;
  readonly #local = new MediaStream();
  readonly #senders = new Map<MediaKind, RTCRtpSender>();
  readonly #tracks = new Map<MediaKind, MediaStreamTrack | null>();
  #beside: RTCRtpSender | undefined;
  #besideTrack: MediaStreamTrack | null = null;
  #up = false;
  #hasChannels = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#pc = new RTCPeerConnection(options.configuration);
    this.#restart = new LinkRestart({
      restart: () => this.restart(),
      replace: () => options.report('broken'),
      stalled: options.stalled,
      receivers: () => this.#pc.getReceivers(),
    });
    this.#pc.ontrack = ({ track, transceiver }) =>
      options.received(this.#isFirst(transceiver) ? kindOf(track) : 'beside', track);
    this.#pc.onconnectionstatechange = () => this.#stateChanged();
    this.#negotiation = new Negotiation(this.#pc, {
      polite: options.role === 'polite',
      send: options.send,
      offered: () => this.#takeTransceivers(),
      described: () => {
        this.#restart.restarted();
        options.report('negotiated');
      },
      broken: () => options.report('broken'),
    });
    if (options.role === 'impolite') this.#makeTransceivers();
  }

  /** The call was accepted: what the caller has to offer may leave. */
  release(): void {
    if (this.#options.role === 'impolite') this.#negotiation.release();
  }

  /** Takes a message of the other end; settles when it was handled, and never rejects. */
  receive(message: LinkMessage): Promise<void> {
    return this.#negotiation.receive(message);
  }

  /** Restarts ICE, rolling back an offer that stands unanswered. */
  restart(): void {
    this.#restart.restarted();
    void this.#negotiation.restart();
  }

  /** Signaling has come back: what was lost on its way is offered again, and a healthy link is left alone. */
  signalingReturned(): void {
    if (this.#pc.connectionState !== 'connected' || this.#negotiation.unanswered) this.restart();
  }

  /** The socket was lost and is back, with nothing lost that was said: only the media's path may be another. */
  socketReturned(): void {
    this.#restart.socketReturned();
  }

  /** Whether the peer says that it sends sound or picture. */
  expect(media: boolean): void {
    this.#restart.expect(media);
  }

  /** Other servers, for all candidates gathered from now on: a link that is down could not use the old ones. */
  configure(configuration: RTCConfiguration): void {
    this.#pc.setConfiguration(configuration);
    if (this.#pc.connectionState !== 'connected') this.restart();
  }

  /** Sends this track from now on, or nothing; remembered until there is a sender to fill. */
  async sendTrack(kind: MediaKind, track: MediaStreamTrack | null): Promise<void> {
    this.#tracks.set(kind, track);
    // It rejects when the link is closed meanwhile; then nobody is waiting for the picture either.
    await this.#senders
      .get(kind)
      ?.replaceTrack(track)
      .catch(() => undefined);
  }

  /**
   * Sends a camera beside a shared screen, or none: in a section of its own, which is negotiated when it is first needed (CA44b).
   * Remembered until there is the section of the picture, which is the first of the two.
   */
  async sendBeside(track: MediaStreamTrack | null): Promise<void> {
    this.#besideTrack = track;
    if (track !== null && this.#senders.has('video')) this.#beside ??= this.#pc.addTransceiver('video', BESIDE).sender;
    await this.#beside?.replaceTrack(track).catch(() => undefined);
  }

  /** What is sent for this kind, once there is a transceiver. */
  sender(kind: MediaKind): RTCRtpSender | undefined {
    return this.#senders.get(kind);
  }

  /** Statistics of the whole link (W3C webrtc-stats); none of a link that is closed. */
  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#pc.connectionState === 'closed' ? undefined : await this.#pc.getStats();
  }

  /** Ends the link and frees everything of it. The tracks that were sent belong to the code that captured them, and go on. */
  close(): void {
    this.#restart.close();
    this.#negotiation.close();
    this.#pc.ontrack = null;
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
    this.#senders.clear();
    this.#tracks.clear();
  }

  /** Those of a kind that come later carry what is beside the first. */
  #isFirst(transceiver: RTCRtpTransceiver): boolean {
    const { kind } = transceiver.receiver.track;
    return this.#pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind) === transceiver;
  }

  #makeTransceivers(): void {
    for (const kind of ['audio', 'video'] as const) {
      const init: RTCRtpTransceiverInit = { direction: 'sendrecv', streams: [this.#local] };
      this.#fill(kind, this.#pc.addTransceiver(kind, init));
    }
    this.#openChannels();
  }

  /** The callee's half: the first transceiver of each kind in the offer becomes one in both directions. */
  #takeTransceivers(): void {
    for (const transceiver of this.#pc.getTransceivers()) {
      const kind = kindOf(transceiver.receiver.track);
      if (this.#senders.has(kind)) continue;
      transceiver.direction = 'sendrecv';
      transceiver.sender.setStreams(this.#local);
      this.#fill(kind, transceiver);
    }
    // An older app offers none; to open some here would make this end offer.
    if (this.#pc.remoteDescription?.sdp.includes('m=application') === true) this.#openChannels();
  }

  #openChannels(): void {
    if (this.#hasChannels) return;
    this.#hasChannels = true;
    for (const [name, id] of Object.entries(CHANNELS))
      this.#options.channel(name as ChannelName, this.#pc.createDataChannel(name, { negotiated: true, id }));
  }

  #fill(kind: MediaKind, { sender }: RTCRtpTransceiver): void {
    this.#senders.set(kind, sender);
    void this.sendTrack(kind, this.#tracks.get(kind) ?? null);
    void this.sendBeside(this.#besideTrack);
  }

  #stateChanged(): void {
    const { connectionState } = this.#pc;
    this.#restart.follow(connectionState);
    const up = connectionState === 'connected';
    const down = connectionState === 'disconnected' || connectionState === 'failed';
    if (up === this.#up || (!up && !down)) return;
    this.#up = up;
    this.#options.report(up ? 'up' : 'down');
  }
}

const kindOf = ({ kind }: MediaStreamTrack): MediaKind => (kind === 'audio' ? 'audio' : 'video');
