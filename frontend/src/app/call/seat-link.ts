import {
  computed,
  DestroyRef,
  effect,
  inject,
  type Signal,
  signal,
  untracked,
  type WritableSignal,
} from '@angular/core';
import { concatMap, firstValueFrom, ReplaySubject, share, type Subscription } from 'rxjs';
import { concernsLink } from '#protocol/call-client';
import {
  deviceAcross,
  IDLE,
  isInCall,
  type LinkWanted,
  linkTo,
  linkWanted,
  type UnsealedReason,
  withId,
} from '#protocol/call-client-state';
import { type FromSeat } from '#protocol/call-frames';
import { type MediaState, mediaState, readContent, writeContent } from '#protocol/content';
import { type ChannelName } from '#protocol/direct/channel';
import { type CallId, type DeviceId } from '#protocol/ids';
import type { CallCode } from '../../../crypto/call-code.ts';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { CallMedia } from './call-media';
import { IceServerSource } from './ice-servers';
import { type LinkMessage } from './link-message';
import { besideOf, pictureOf, soundOf } from './local-media';
import { PeerChannel } from './peer-channel';
import { makeCertificate } from './seat-certificate';
import { SeatCode } from './seat-code';
import { Link, type LinkReport, type Received } from './webrtc';

/** Most messages of the other end that wait while this end's person is asked for devices. */
const MOST_WAITING = 200;

/** What the peer is told of a call on hold: nothing is sent. */
const ON_HOLD: MediaState = { microphone: 'muted', video: 'none', held: true };

const sends = (media: MediaState | null): boolean =>
  media !== null && (media.microphone === 'on' || media.video !== 'none');

const sameLink = (a: LinkWanted | null, b: LinkWanted | null): boolean =>
  a?.callId === b?.callId && a?.link === b?.link && a?.role === b?.role;

/**
 * The link of one call to one device: built, released, filled, mended and closed as the state of that call says. A link of a
 * call on hold stays and carries nothing. To be made in an injection context, and over with it.
 */
export class SeatLink {
  readonly callId: CallId;
  readonly #call = inject(Call);
  readonly #media = inject(CallMedia);
  readonly #signaling = inject(Signaling);
  readonly #iceServers = inject(IceServerSource);
  readonly #state = computed(() => withId(this.#call.calls(), this.callId) ?? IDLE);
  readonly #held = computed(() => this.#call.held()?.callId === this.callId);
  readonly #device = signal<DeviceId | undefined>(undefined);
  /** Whom it leads to: while a call is placed it is there before its device has answered. */
  readonly #to = computed(() => this.#device() ?? deviceAcross(this.#state()));
  readonly #linkWanted = computed(() => linkWanted(this.#state(), this.#to()));
  readonly #wanted = computed(this.#linkWanted, { equal: sameLink });
  readonly #peerLink = computed(() => {
    const [call, to] = [this.#state(), this.#to()];
    return isInCall(call) && to !== undefined ? linkTo(call, to) : undefined;
  });
  readonly #returns = computed(() => this.#peerLink()?.returns ?? 0);
  readonly #peerMedia = computed(() => this.#peerLink()?.media ?? null);
  readonly #mayOffer = computed(() => this.#linkWanted()?.mayOffer === true);
  readonly #soundSent = computed(() => (this.#held() ? null : soundOf(this.#media.local())));
  readonly #pictureSent = computed(() => (this.#held() ? null : pictureOf(this.#media.local())));
  readonly #link = signal<Link | null>(null);
  readonly #besideSent = computed(() => {
    const isSent = this.peer()?.camera !== undefined && !this.#held() && !this.#media.paused();
    return isSent ? besideOf(this.#media.local()) : null;
  });
  readonly #received: Readonly<Record<Received, WritableSignal<MediaStream | null>>> = {
    audio: signal(null),
    video: signal(null),
    beside: signal(null),
  };
  readonly #channels = signal<Readonly<Partial<Record<ChannelName, PeerChannel>>>>({});
  #built: LinkWanted | null = null;
  #waiting: LinkMessage[] = [];
  #configuration: Promise<RTCConfiguration> = Promise.resolve({});

  readonly link = this.#link.asReadonly();
  readonly sound = this.#received.audio.asReadonly();
  readonly picture = this.#received.video.asReadonly();
  /** The camera beside a screen that the peer shares. */
  readonly beside = computed(() => (this.peer()?.camera ? this.#received.beside() : null));
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

  /** The certificate of this page's seat in this call: for all links of it. */
  readonly certificate: Promise<RTCCertificate>;

  constructor(callId: CallId, certificate = makeCertificate()) {
    this.callId = callId;
    this.certificate = certificate;
    this.#code = new SeatCode({
      callId,
      isCaller: computed(() => this.#linkWanted()?.role === 'impolite'),
      peer: computed(() => {
        const [call, deviceId] = [this.#state(), this.#to()];
        return isInCall(call) && deviceId !== undefined ? { userId: call.peerId, deviceId } : null;
      }),
      peerNonce: computed(() => this.peer()?.nonce),
      refused: () => this.#refuse('nonce-changed'),
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
    effect(() => void this.#link()?.sendBeside(this.#besideSent()));
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

  /** The device it leads to, once it is known. */
  get device(): DeviceId | undefined {
    return untracked(this.#device);
  }

  /** From now on it leads to this device and no other. */
  leadTo(device: DeviceId | undefined): void {
    this.#device.set(device);
  }

  /** What the other seat says about the link. */
  hear(frame: FromSeat): void {
    const { type, data } = frame;
    if (type === 'call.media-state' || !concernsLink(untracked(this.#state), frame)) return;
    if (!this.#code.allows({ type, data })) return this.#refuse('certificate-changed');
    // The state may have heard of a new link this very moment.
    this.#reconcile();
    const link = untracked(this.#link);
    if (link !== null) void link.receive({ type, data });
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ type, data });
  }

  /** What is no word of the device that arrives ends the call no more than its silence would. */
  #refuse(reason: UnsealedReason): void {
    const isSeat = untracked(() => this.#to() === deviceAcross(this.#state()));
    if (isSeat) this.#call.unsealed(this.callId, reason);
  }

  /** The certificate of this call, its servers, and those that take their place while it lasts. */
  #followServers(): Subscription {
    const configurations = this.#iceServers.current(this.callId).pipe(
      concatMap(async servers => ({ ...servers, certificates: [await this.certificate] })),
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
    const to = untracked(this.#to);
    if (to !== undefined) this.#call.say(this.callId, to, type, link, data);
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
      received: (what, track) => this.#received[what].set(new MediaStream([track])),
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
    const deviceId = untracked(this.#to);
    if (deviceId !== undefined) this.#call.dispatch({ type: `link-${report}`, callId, deviceId, link });
    // A link that breaks is the first sign that the socket may be dead, too.
    if (report === 'down') this.#signaling.check();
  }

  #close(): void {
    untracked(this.#link)?.close();
    this.#link.set(null);
    for (const stream of Object.values(this.#received)) stream.set(null);
    this.#channels.set({});
    this.#built = null;
    this.#waiting = [];
  }
}
