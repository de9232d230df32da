import { computed, DestroyRef, effect, inject, type Signal, signal, untracked } from '@angular/core';
import { concatMap, firstValueFrom, ReplaySubject, share, type Subscription } from 'rxjs';
import { concernsLink } from '#protocol/call-client';
import { IDLE, isInCall, type LinkWanted, linkWanted, onlyLink, withId } from '#protocol/call-client-state';
import { type FromSeat } from '#protocol/call-frames';
import { type MediaState, mediaState, readContent, writeContent } from '#protocol/content';
import { type ChannelName } from '#protocol/direct/channel';
import { type CallId } from '#protocol/ids';
import type { CallCode } from '../../../crypto/call-code.ts';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { CallMedia } from './call-media';
import { IceServerSource } from './ice-servers';
import { type LinkMessage } from './link-message';
import { pictureOf, soundOf } from './local-media';
import { PeerChannel } from './peer-channel';
import { makeCertificate } from './seat-certificate';
import { SeatCode } from './seat-code';
import { Link, type LinkReport } from './webrtc';

/** Most messages of the other end that wait while this end's person is asked for devices. */
const MOST_WAITING = 200;

/** What the peer is told of a call on hold: nothing is sent. */
const ON_HOLD: MediaState = { microphone: 'muted', video: 'none', held: true };

const sends = (media: MediaState | null): boolean =>
  media !== null && (media.microphone === 'on' || media.video !== 'none');

const sameLink = (a: LinkWanted | null, b: LinkWanted | null): boolean =>
  a?.callId === b?.callId && a?.link === b?.link && a?.role === b?.role;

/**
 * The peer link of one call: built, released, filled, mended and closed as the state of that call says. A link of a call
 * on hold stays and carries nothing. To be made in an injection context, and over with it.
 */
export class SeatLink {
  readonly callId: CallId;
  readonly #call = inject(Call);
  readonly #media = inject(CallMedia);
  readonly #signaling = inject(Signaling);
  readonly #iceServers = inject(IceServerSource);
  readonly #state = computed(() => withId(this.#call.calls(), this.callId) ?? IDLE);
  readonly #held = computed(() => this.#call.held()?.callId === this.callId);
  readonly #wanted = computed(() => linkWanted(this.#state()), { equal: sameLink });
  readonly #returns = computed(() => {
    const call = this.#state();
    return isInCall(call) ? (onlyLink(call)?.returns ?? 0) : 0;
  });
  readonly #peerMedia = computed(() => {
    const call = this.#state();
    return isInCall(call) ? (onlyLink(call)?.media ?? null) : null;
  });
  readonly #mayOffer = computed(() => linkWanted(this.#state())?.mayOffer === true);
  readonly #soundSent = computed(() => (this.#held() ? null : soundOf(this.#media.local())));
  readonly #pictureSent = computed(() => (this.#held() ? null : pictureOf(this.#media.local())));
  readonly #link = signal<Link | null>(null);
  readonly #sound = signal<MediaStream | null>(null);
  readonly #picture = signal<MediaStream | null>(null);
  readonly #channels = signal<Readonly<Partial<Record<ChannelName, PeerChannel>>>>({});
  #built: LinkWanted | null = null;
  #waiting: LinkMessage[] = [];
  #configuration: Promise<RTCConfiguration> = Promise.resolve({});

  readonly link = this.#link.asReadonly();
  readonly sound = this.#sound.asReadonly();
  readonly picture = this.#picture.asReadonly();
  /** Between the two devices, past the server; an app that is older has fewer. */
  readonly channels = this.#channels.asReadonly();
  /** What the peer says that it sends; null until it has said so. */
  readonly peer = computed(() => {
    const told = this.#peerMedia();
    const read = told === null ? null : readContent(mediaState, told);
    return read?.ok ? read.value : null;
  });
  readonly #code: SeatCode;
  /** What the two persons say to each other; null before it is there. */
  readonly code: Signal<CallCode | null>;

  constructor(callId: CallId) {
    this.callId = callId;
    this.#code = new SeatCode({
      state: this.#state,
      peerNonce: computed(() => this.peer()?.nonce),
      refused: () => this.#call.unsealed(callId, 'nonce-changed'),
    });
    this.code = this.#code.code;
    // Asked as soon as there is a call, beside the question for devices, so that neither waits for the other.
    const servers = this.#followServers();
    effect(() => {
      this.#wanted();
      untracked(() => this.#reconcile());
    });
    effect(() => {
      if (this.#mayOffer()) this.#link()?.release();
    });
    effect(() => void this.#link()?.sendTrack('audio', this.#soundSent()));
    effect(() => void this.#link()?.sendTrack('video', this.#pictureSent()));
    effect(() => {
      if (this.#returns() > 0) untracked(this.#link)?.signalingReturned();
    });
    effect(() => this.#link()?.expect(sends(this.peer())));
    effect(() => {
      if (this.#signaling.status().is === 'live') untracked(this.#link)?.socketReturned();
    });
    effect(() => this.#tellPeer());
    inject(DestroyRef).onDestroy(() => {
      servers.unsubscribe();
      this.#close();
    });
  }

  /** What the other seat says about the link. */
  hear(frame: FromSeat): void {
    const { type, data } = frame;
    if (type === 'call.media-state' || !concernsLink(untracked(this.#state), frame)) return;
    if (!this.#code.allows({ type, data })) return this.#call.unsealed(this.callId, 'certificate-changed');
    // The state may have heard of a new link this very moment.
    this.#reconcile();
    const link = untracked(this.#link);
    if (link !== null) void link.receive({ type, data });
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ type, data });
  }

  /** The certificate of this call, its servers, and those that take their place while it lasts. */
  #followServers(): Subscription {
    const certificate = makeCertificate();
    const configurations = this.#iceServers.current(this.callId).pipe(
      concatMap(async servers => ({ ...servers, certificates: [await certificate] })),
      share({ connector: () => new ReplaySubject(1) }),
    );
    this.#configuration = firstValueFrom(configurations);
    return configurations.subscribe(configuration => untracked(this.#link)?.configure(configuration));
  }

  /** The whole media state: once seated, on every change, on another link, and when signaling has come back. */
  #tellPeer(): void {
    const media = this.#held() ? ON_HOLD : this.#media.sent();
    const nonce = this.#code.revealed();
    const wanted = this.#wanted();
    this.#returns();
    if (this.#mayOffer() && wanted !== null)
      this.#say('call.media-state', wanted.link, writeContent(nonce === undefined ? media : { ...media, nonce }));
  }

  #say(type: FromSeat['type'], link: number, data: string): void {
    this.#call.say(this.callId, type, link, data);
  }

  #reconcile(): void {
    const wanted = untracked(this.#wanted);
    if (sameLink(this.#built, wanted)) return;
    this.#close();
    this.#built = wanted;
    if (wanted !== null) void this.#build(wanted);
  }

  async #build(wanted: LinkWanted): Promise<void> {
    const [configuration] = await Promise.all([this.#configuration, this.#media.settled, this.#code.committed]);
    if (this.#built !== wanted) return;
    const link = new Link({
      role: wanted.role,
      configuration,
      received: (kind, track) => (kind === 'audio' ? this.#sound : this.#picture).set(new MediaStream([track])),
      send: message => {
        const { type, data } = this.#code.said(message);
        this.#say(type, wanted.link, data);
      },
      report: report => this.#report(wanted, report),
      stalled: () => this.#signaling.check(),
      channel: (name, channel) => this.#channels.update(others => ({ ...others, [name]: new PeerChannel(channel) })),
    });
    void link.sendTrack('audio', this.#soundSent());
    void link.sendTrack('video', this.#pictureSent());
    if (this.#mayOffer()) link.release();
    this.#waiting.splice(0).forEach(message => void link.receive(message));
    this.#link.set(link);
  }

  #report({ callId, link }: LinkWanted, report: LinkReport): void {
    this.#call.dispatch({ type: `link-${report}`, callId, link });
    // A link that breaks is the first sign that the socket may be dead, too.
    if (report === 'down') this.#signaling.check();
  }

  #close(): void {
    untracked(this.#link)?.close();
    this.#link.set(null);
    this.#sound.set(null);
    this.#picture.set(null);
    this.#channels.set({});
    this.#built = null;
    this.#waiting = [];
  }
}
