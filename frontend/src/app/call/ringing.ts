import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { isPlacing, isRinging } from '#protocol/call-client-state';
import { RING_GRACE_MS, RING_MS } from '#protocol/limits';
import { Words } from '../../i18n/words';
import { PageTitle } from '../look/page-title';
import { AGAIN_MS } from '../../../worker/quiet';
import { CallLog } from '../call-log/call-log';
import { isSilencedNow } from '../push/quiet-now';
import { Call } from './call';
import { CallSettings } from './call-settings';
import { Peer } from './peer';
import { RingNotification } from './ring-notification';
import { RINGBACK, RINGTONES, type Sounding, sound, WAITING_TONE } from './tones';

const RING_SECONDS = (RING_MS + RING_GRACE_MS) / 1_000;
/** Time to become audible before the screen says that it is not. */
const HEARD_WITHIN_MS = 500;
const FLASH_MS = 1_000;
/** On, off, in ms; as often as a ring may last. */
const VIBRATION = Array.from({ length: 40 }, () => [500, 750]).flat();

/** Refused on a page that nobody has touched yet, and absent on desktops and iPhones. */
function vibrate(pattern: number | number[]): void {
  // A browser that does not say whether it was touched refuses by itself.
  const isTouched = navigator.userActivation?.hasBeenActive ?? true;
  if ('vibrate' in navigator && isTouched) navigator.vibrate(pattern);
}

/** How a ring is heard, felt and seen while it lasts: sound, vibration, title and notification follow the call's state. */
@Service()
export class Ringing {
  readonly #call = inject(Call);
  readonly #settings = inject(CallSettings);
  readonly #peer = inject(Peer);
  readonly #words = inject(Words);
  readonly #title = inject(PageTitle);
  readonly #log = inject(CallLog);
  readonly #silent = signal(false);
  readonly #quiet = signal(false);
  readonly #notification = inject(RingNotification);
  readonly #callId = computed(() => {
    const call = this.#call.state();
    return isRinging(call) ? call.callId : undefined;
  });
  /** One that was answered is heard no more. */
  readonly #rings = computed(() => this.#callId() !== undefined && this.#callId() !== this.#call.answering());
  readonly #ringsThere = computed(() => {
    const call = this.#call.state();
    return isPlacing(call) && call.devices > 0;
  });
  /** Beside the current call. */
  readonly #waiting = computed(() => this.#call.waiting()?.callId);
  readonly #waits = computed(() => this.#waiting() !== undefined && this.#waiting() !== this.#call.answering());
  readonly #name = computed(() => this.#peer.personOf(this.#call.waiting()?.peerId).displayName);
  readonly #sentence = computed(() => {
    const name = this.#waits() ? this.#name() : this.#peer.name();
    return this.#words.t('call.rings', { name });
  });

  /** The browser refuses the ringtone until somebody touches this page (autoplay rule). */
  readonly silent = this.#silent.asReadonly();
  /** The person is not to be disturbed: it is seen, and neither heard nor felt. */
  readonly quiet = this.#quiet.asReadonly();

  constructor() {
    effect(stop => {
      if (this.#rings()) stop(untracked(() => this.#ringUnlessQuiet()));
    });
    effect(stop => {
      if (this.#ringsThere()) stop(sound(RINGBACK, RING_SECONDS, () => undefined).stop);
    });
    effect(stop => {
      if (this.#waits() && !untracked(() => this.#isSilenced()))
        stop(sound(WAITING_TONE, RING_SECONDS, () => undefined).stop);
    });
    effect(stop => {
      if (this.#rings() || this.#waits()) stop(flashing(this.#title, this.#sentence()));
    });
    effect(stop => {
      const callId = this.#callId() ?? this.#waiting();
      if (callId === undefined || !document.hidden) return;
      stop(untracked(() => this.#notification.show(callId, this.#sentence(), this.#isSilenced())));
    });
  }

  #ringUnlessQuiet(): () => void {
    const quiet = this.#isSilenced();
    this.#quiet.set(quiet);
    return quiet ? () => this.#quiet.set(false) : this.#ring();
  }

  /** Whether the call that rings is to be silent: it is not where its caller is a close person, or calls again soon. */
  #isSilenced(): boolean {
    const call = this.#call.waiting() ?? this.#call.state();
    const callerId = 'peerId' in call ? call.peerId : undefined;
    const callsAgain = callerId !== undefined && this.#log.hasMissed(callerId, AGAIN_MS);
    return isSilencedNow({ callerId, callsAgain });
  }

  #ring(): () => void {
    const { ringtone: name, vibrates } = this.#settings.now();
    const ringtone = sound(RINGTONES[name], RING_SECONDS, () =>
      this.#silent.update(silent => silent && !ringtone.heard()),
    );
    const timer = setTimeout(() => this.#silent.set(!ringtone.heard()), HEARD_WITHIN_MS);
    if (vibrates) vibrate(VIBRATION);
    return () => this.#stop(ringtone, timer);
  }

  #stop(ringtone: Sounding, timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer);
    ringtone.stop();
    this.#silent.set(false);
    vibrate(0);
  }
}

function flashing(title: PageTitle, sentence: string): () => void {
  title.flash.set(sentence);
  const timer = setInterval(() => title.flash.update(shown => (shown === '' ? sentence : '')), FLASH_MS);
  return () => {
    clearInterval(timer);
    title.flash.set('');
  };
}
