import { computed, DestroyRef, effect, inject, Service, signal } from '@angular/core';
import { askingSince, isInCall, isPlacing, phaseOf } from '#protocol/call-client-state';
import { duration } from '../../i18n/dates';
import { type Key, Words } from '../../i18n/words';
import { isWeak } from '../call-log/weather-words';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { pictureOf } from './local-media';
import { Peer } from './peer';
import { LinkQuality } from './link-quality';

/** An answer takes a moment; only a longer wait is somebody thinking about a permission. */
const ASKING_AFTER_MS = 3_000;

/** What the present call is, in words: where it stands, how well it goes, and what stands in its way. */
@Service()
export class CallWords {
  readonly #call = inject(Call);
  readonly #link = inject(CallLink);
  readonly #media = inject(CallMedia);
  readonly #peer = inject(Peer);
  readonly #signaling = inject(Signaling);
  readonly #watch = inject(LinkQuality);
  readonly #words = inject(Words);
  readonly #now = signal(performance.now());
  readonly #ticks = computed(() => isInCall(this.#call.state()));

  readonly quality = this.#watch.quality;

  /** How long the link has been up, or what the call waits for. */
  readonly status = computed(() => {
    const { t, count } = this.#words;
    const call = this.#call.state();
    if (isPlacing(call)) return call.devices > 0 ? count('call.ringingOn', call.devices) : t('call.calling');
    if (!isInCall(call)) return '';
    const phase = phaseOf(call);
    if (phase === 'connected') return duration(this.#now() - (call.connectedAt ?? this.#now()));
    if (phase === 'reconnecting') return t('call.reconnecting');
    const asking = askingSince(call);
    const asks = asking !== null && this.#now() - asking > ASKING_AFTER_MS;
    return t(asks ? 'call.waitingForPermission' : 'call.connecting');
  });

  /** One sentence about what is wrong, the most telling one; '' where nothing is. */
  readonly notice = computed(() => {
    const { t } = this.#words;
    const name = this.#peer.name();
    const call = this.#call.state();
    const cutOff = this.#signaling.status().is !== 'live';
    if (isPlacing(call)) return cutOff ? t('call.serverGoneRinging') : '';
    if (!isInCall(call)) return '';
    if (cutOff) return t('call.serverGone');
    if (this.#link.peer()?.held === true) return '';
    const { word, cause } = this.quality() ?? {};
    const done = this.#doneForSound();
    if (done === null && !isWeak(word)) return '';
    // A peer who has paused the picture knows best that it does not get through.
    const weak = t(`call.weather.cause.${cause ?? 'theirs'}`, { name });
    return done === null ? weak : `${weak} ${t(done, { name })}`;
  });

  /** What was done for the sound, at this end or at the other. */
  readonly #doneForSound = computed<Key | null>(() => {
    const level = pictureOf(this.#media.local()) === null ? 'full' : this.#watch.video();
    if (level !== 'full') return level === 'paused' ? 'call.weather.ownPaused' : 'call.weather.ownSmaller';
    const peer = this.#link.peer();
    if (peer?.paused === true) return 'call.weather.theirsPaused';
    const { word, cause } = this.quality() ?? {};
    return isWeak(word) && cause === 'theirs' && peer?.video === 'camera' ? 'call.weather.theirsSmaller' : null;
  });

  /** What a screen reader says when it changes; the running time is not one of these. */
  readonly announcement = computed(() => {
    const state = phaseOf(this.#call.state());
    if (state === 'connected') return [this.#words.t('call.connected'), this.notice()].filter(Boolean).join('. ');
    if (state === 'incoming') return this.#words.t('call.rings', { name: this.#peer.name() });
    return `${this.status()} ${this.notice()}`.trim();
  });
  /** The same for what this end sends: a button says that it is pressed only to a person who has the focus on it. */
  readonly ownAnnouncement = computed(() => {
    const { microphone } = this.#media.local();
    if (!isInCall(this.#call.state()) || microphone.is !== 'on') return '';
    return this.#words.t(this.#media.local().muted ? 'call.youAreMuted' : 'call.youAreUnmuted');
  });
  /** The same for what the peer sends. */
  readonly peerAnnouncement = computed(() => {
    const peer = this.#link.peer();
    if (peer === null) return '';
    const name = this.#peer.name();
    if (peer.held === true) return this.#words.t('call.held.byPeer', { name });
    const sound = this.#words.t(peer.microphone === 'on' ? 'call.peerUnmuted' : 'call.peerMuted', { name });
    // That it is paused, and why, is in the notice.
    if (peer.paused === true) return sound;
    const pictures = { none: 'call.peerCameraOff', camera: 'call.peerCameraOn', screen: 'call.peerShares' } as const;
    return `${sound}. ${this.#words.t(pictures[peer.video], { name })}`;
  });

  constructor() {
    let timer: ReturnType<typeof setInterval> | undefined;
    effect(() => {
      clearInterval(timer);
      if (this.#ticks()) timer = setInterval(() => this.#now.set(performance.now()), 1_000);
    });
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
