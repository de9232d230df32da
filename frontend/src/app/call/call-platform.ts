import { computed, effect, inject, Service, untracked } from '@angular/core';
import { isInCall } from '#protocol/call-client-state';
import { OnlyTab } from '../device/only-tab';
import { PageReload } from '../worker/page-reload';
import { Call } from './call';
import { CallMedia } from './call-media';
import { Peer } from './peer';

/** The Media Session of calls (W3C Media Session, 5): newer than the library's types. */
interface CallSession {
  setActionHandler(action: string, handler: (() => void) | null): void;
  setMicrophoneActive?(active: boolean): Promise<void> | undefined;
  setCameraActive?(active: boolean): Promise<void> | undefined;
}

/** What a call asks of the system: an awake screen, a question before the page is left, and its own buttons on headsets and lock screens. */
@Service()
export class CallPlatform {
  readonly #call = inject(Call);
  readonly #media = inject(CallMedia);
  readonly #peer = inject(Peer);
  readonly #inCall = computed(() => {
    const call = this.#call.state();
    return isInCall(call) || call.state === 'outgoing' || this.#call.held() !== null;
  });

  constructor() {
    const tab = inject(OnlyTab);
    effect(() => tab.inCall.set(this.#inCall()));
    const { held } = inject(PageReload);
    effect(() => held.set(this.#call.state().state !== 'idle' || this.#call.held() !== null));
    effect(stop => {
      if (this.#inCall() && 'wakeLock' in navigator) stop(awake());
    });
    effect(stop => {
      if (this.#inCall() && 'mediaSession' in navigator) stop(this.#buttons());
    });
    effect(stop => {
      if (this.#inCall()) stop(asksBeforeLeaving());
    });
    effect(() => {
      const { microphone, video } = this.#media.sent();
      if (!this.#inCall() || !('mediaSession' in navigator)) return;
      const session: CallSession = navigator.mediaSession;
      void session.setMicrophoneActive?.(microphone === 'on')?.catch(() => undefined);
      void session.setCameraActive?.(video === 'camera')?.catch(() => undefined);
    });
  }

  #buttons(): () => void {
    const session: CallSession = navigator.mediaSession;
    navigator.mediaSession.metadata = new MediaMetadata({ title: untracked(this.#peer.name), artist: 'Parley' });
    const actions: [string, () => void][] = [
      ['hangup', () => this.#call.leave()],
      ['togglemicrophone', () => this.#media.toggleMute()],
      ['togglecamera', () => void this.#media.toggleCamera()],
    ];
    const set = (action: string, handler: (() => void) | null) => {
      try {
        session.setActionHandler(action, handler);
      } catch {
        // An action this browser does not know.
      }
    };
    actions.forEach(([action, handler]) => set(action, handler));
    return () => {
      actions.forEach(([action]) => set(action, null));
      navigator.mediaSession.metadata = null;
    };
  }
}

/** Leaving the page would end the call: the browser asks first (HTML, `beforeunload`), in its own words. */
function asksBeforeLeaving(): () => void {
  const ask = (event: Event) => event.preventDefault();
  window.addEventListener('beforeunload', ask);
  return () => window.removeEventListener('beforeunload', ask);
}

/** Keeps the screen on (Screen Wake Lock); the browser lets go when the page is hidden, so it is asked for again. */
function awake(): () => void {
  const ended = new AbortController();
  let lock: Promise<WakeLockSentinel | undefined> = Promise.resolve(undefined);
  const ask = () => {
    // Refused while hidden or in power saving: the call goes on with a screen that may sleep.
    if (document.visibilityState === 'visible') lock = navigator.wakeLock.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', ask, { signal: ended.signal });
  ask();
  return () => {
    ended.abort();
    void lock.then(held => held?.release());
  };
}
