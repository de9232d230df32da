import { computed, DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { firstValueFrom, ReplaySubject, share, type Subscription } from 'rxjs';
import { concernsLink } from '#protocol/call-client';
import { type FromSeat } from '#protocol/call-frames';
import { isInCall, type LinkWanted, linkWanted, onlyLink } from '#protocol/call-client-state';
import { type CallId } from '#protocol/ids';
import { type MediaState, mediaState, readContent, writeContent } from '#protocol/content';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { CallMedia } from './call-media';
import { IceServerSource } from './ice-servers';
import { type LinkMessage } from './link-message';
import { pictureOf, soundOf } from './local-media';
import { Link, type LinkReport } from './webrtc';

/** Most messages of the other end that wait while this end's person is asked for devices. */
const MOST_WAITING = 200;

const sends = (media: MediaState | null): boolean =>
  media !== null && (media.microphone === 'on' || media.video !== 'none');

const sameLink = (a: LinkWanted | null, b: LinkWanted | null): boolean =>
  a?.callId === b?.callId && a?.link === b?.link && a?.role === b?.role;

/**
 * The peer link of the call: built, released, filled, mended and closed as the call's state says.
 */
@Service()
export class CallLink {
  readonly #call = inject(Call);
  readonly #media = inject(CallMedia);
  readonly #signaling = inject(Signaling);
  readonly #iceServers = inject(IceServerSource);
  readonly #wanted = computed(() => linkWanted(this.#call.state()), { equal: sameLink });
  readonly #callId = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' ? null : call.callId;
  });
  readonly #returns = computed(() => {
    const call = this.#call.state();
    return isInCall(call) ? (onlyLink(call)?.returns ?? 0) : 0;
  });
  readonly #peerMedia = computed(() => {
    const call = this.#call.state();
    return isInCall(call) ? (onlyLink(call)?.media ?? null) : null;
  });
  readonly #mayOffer = computed(() => linkWanted(this.#call.state())?.mayOffer === true);
  readonly #link = signal<Link | null>(null);
  readonly #sound = signal<MediaStream | null>(null);
  readonly #picture = signal<MediaStream | null>(null);
  #built: LinkWanted | null = null;
  #waiting: LinkMessage[] = [];
  #configuration: Promise<RTCConfiguration> = Promise.resolve({});

  /** The link itself, for statistics and the quality of what is sent. */
  readonly link = this.#link.asReadonly();
  /**
   * What the peer sends, for one element each: an element that waits for the first frame of a camera that is off would
   * keep the sound waiting, too.
   */
  readonly sound = this.#sound.asReadonly();
  readonly picture = this.#picture.asReadonly();
  /** What the peer says that it sends; null until it has said so. */
  readonly peer = computed(() => {
    const told = this.#peerMedia();
    const read = told === null ? null : readContent(mediaState, told);
    return read?.ok ? read.value : null;
  });

  constructor() {
    // Asked as soon as there is a call, beside the question for devices, so that neither waits for the other.
    effect(onCleanup => {
      const callId = this.#callId();
      const servers = callId === null ? undefined : this.#followServers(callId);
      onCleanup(() => servers?.unsubscribe());
    });
    effect(() => {
      this.#wanted();
      untracked(() => this.#reconcile());
    });
    effect(() => {
      if (this.#mayOffer()) this.#link()?.release();
    });
    effect(() => void this.#link()?.sendTrack('audio', soundOf(this.#media.local())));
    effect(() => void this.#link()?.sendTrack('video', pictureOf(this.#media.local())));
    effect(() => {
      if (this.#returns() > 0) untracked(this.#link)?.signalingReturned();
    });
    effect(() => this.#link()?.expect(sends(this.peer())));
    effect(() => {
      if (this.#signaling.status().is === 'live') untracked(this.#link)?.socketReturned();
    });
    effect(() => this.#tellPeer());
    this.#call.seatFrames.pipe(takeUntilDestroyed()).subscribe(frame => this.#hear(frame));
    inject(DestroyRef).onDestroy(() => this.#close());
  }

  /** The servers of this call, and those that take their place while it lasts. */
  #followServers(callId: CallId): Subscription {
    const configurations = this.#iceServers.current(callId).pipe(share({ connector: () => new ReplaySubject(1) }));
    this.#configuration = firstValueFrom(configurations);
    return configurations.subscribe(configuration => untracked(this.#link)?.configure(configuration));
  }

  /** The whole media state: once seated, on every change, on another link, and when signaling has come back. */
  #tellPeer(): void {
    const sent = this.#media.sent();
    const wanted = this.#wanted();
    this.#returns();
    if (this.#mayOffer() && wanted !== null) this.#call.say('call.media-state', wanted.link, writeContent(sent));
  }

  #reconcile(): void {
    const wanted = this.#wanted();
    if (sameLink(this.#built, wanted)) return;
    this.#close();
    this.#built = wanted;
    if (wanted !== null) void this.#build(wanted);
  }

  async #build(wanted: LinkWanted): Promise<void> {
    const [configuration] = await Promise.all([this.#configuration, this.#media.settled]);
    if (this.#built !== wanted) return;
    const link = new Link({
      role: wanted.role,
      configuration,
      received: (kind, track) => (kind === 'audio' ? this.#sound : this.#picture).set(new MediaStream([track])),
      send: ({ type, data }) => this.#call.say(type, wanted.link, data),
      report: report => this.#report(wanted, report),
      stalled: () => this.#signaling.check(),
    });
    void link.sendTrack('audio', soundOf(this.#media.local()));
    void link.sendTrack('video', pictureOf(this.#media.local()));
    if (this.#mayOffer()) link.release();
    this.#waiting.splice(0).forEach(message => void link.receive(message));
    this.#link.set(link);
  }

  #report({ callId, link }: LinkWanted, report: LinkReport): void {
    this.#call.dispatch({ type: `link-${report}`, callId, link });
    // A link that breaks is the first sign that the socket may be dead, too.
    if (report === 'down') this.#signaling.check();
  }

  #hear(frame: FromSeat): void {
    const { type, data } = frame;
    if (type === 'call.media-state' || !concernsLink(this.#call.state(), frame)) return;
    // The state may have heard of a new link this very moment.
    this.#reconcile();
    const link = this.#link();
    if (link !== null) void link.receive({ type, data });
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ type, data });
  }

  #close(): void {
    this.#link()?.close();
    this.#link.set(null);
    this.#sound.set(null);
    this.#picture.set(null);
    this.#built = null;
    this.#waiting = [];
  }
}
