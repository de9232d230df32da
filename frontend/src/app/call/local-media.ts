import { type Media } from '#protocol/call-frames';
import { type MediaState } from '#protocol/content';
import { capture, type Captured, type CaptureProblem, type DeviceKind, type Facing, problemOf } from './capture';
import { rememberedSettings } from './call-settings';
import { type DeviceChoice, rememberChoice, rememberedChoice } from './device-choice';
import { type TabSound } from './tab-sound';

/** One device of this end: not wanted, being asked for, captured, or not to be had. */
export type DeviceUse =
  | { readonly is: 'off' | 'asking' }
  | { readonly is: 'on'; readonly track: MediaStreamTrack }
  | { readonly is: 'missing'; readonly problem: CaptureProblem };

/** Everything this end captures. `facing` is what the camera was last asked for. */
export interface LocalState {
  readonly microphone: DeviceUse;
  readonly muted: boolean;
  readonly camera: DeviceUse;
  readonly facing: Facing;
  readonly screen: MediaStreamTrack | null;
  /** The microphone with the sound of the shared tab, where that has some. */
  readonly tab: TabSound | null;
}

const OFF = { is: 'off' } as const;
/** Nothing is captured. */
export const NOTHING: LocalState = {
  microphone: OFF,
  muted: false,
  camera: OFF,
  facing: 'user',
  screen: null,
  tab: null,
};

/** Not what this page plays: the other person would hear themselves. */
const SHARED = { video: { frameRate: { ideal: 15, max: 30 } }, audio: true, systemAudio: 'exclude' };

const trackOf = (use: DeviceUse): MediaStreamTrack | null => (use.is === 'on' ? use.track : null);

/** The track whose sound is sent. */
export const soundOf = ({ tab, microphone }: LocalState): MediaStreamTrack | null => tab?.track ?? trackOf(microphone);
/** The track whose picture is sent: a shared screen before the camera. */
export const pictureOf = (local: LocalState): MediaStreamTrack | null => local.screen ?? trackOf(local.camera);

/** The camera that is sent beside a shared screen. */
export const besideOf = ({ screen, camera }: LocalState): MediaStreamTrack | null => screen && trackOf(camera);

/** What the peer is told about it. */
export function mediaStateOf(local: LocalState): MediaState {
  const camera = local.camera.is === 'on' ? 'camera' : 'none';
  return {
    microphone: local.microphone.is === 'on' && !local.muted ? 'on' : 'muted',
    video: local.screen === null ? camera : 'screen',
    camera: besideOf(local) !== null,
  };
}

/**
 * The camera, the microphone and the screen of one call. Every track it ever captured is stopped by `close`, also one
 * whose question is answered after that.
 */
export class LocalMedia {
  readonly #changed: (local: LocalState) => void;
  #local = NOTHING;
  #choice: DeviceChoice = rememberedChoice();
  #closed = false;

  /** @param changed told each new state */
  constructor(changed: (local: LocalState) => void) {
    this.#changed = changed;
  }

  get state(): LocalState {
    return this.#local;
  }

  /** Captures what a call of this media starts with, with one question; settles when it was answered. */
  open(media: Media): Promise<void> {
    return this.#capture(media === 'audio' ? ['microphone'] : ['microphone', 'camera']);
  }

  /** Asks again for what was refused or missing. */
  retry(kind: DeviceKind): Promise<void> {
    return this.#local[kind].is === 'missing' ? this.#capture([kind]) : Promise.resolve();
  }

  /** Silences what is sent; the microphone stays captured, so that speaking again takes no time. */
  mute(muted: boolean): void {
    this.#set({ muted });
    const track = trackOf(this.#local.microphone);
    if (track) track.enabled = !muted;
  }

  cameraOn(): Promise<void> {
    const { is } = this.#local.camera;
    return is === 'on' || is === 'asking' ? Promise.resolve() : this.#capture(['camera']);
  }

  /** Stops the capture: the light goes out and another app may have the camera. */
  cameraOff(): void {
    this.#release('camera');
    this.#set({ camera: OFF });
  }

  /** Looks the other way. The old capture ends first: phones open one camera at a time. */
  async flip(): Promise<void> {
    if (this.#local.camera.is !== 'on') return;
    this.#choice = { ...this.#choice, camera: undefined };
    this.#release('camera');
    this.#set({ facing: this.#local.facing === 'user' ? 'environment' : 'user' });
    await this.#capture(['camera']);
  }

  /** Uses this device from now on and in later calls, and captures it again where it is in use. */
  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    this.#choice = { ...rememberedChoice(), [kind]: deviceId };
    rememberChoice(this.#choice);
    await this.recapture(kind);
  }

  /** Captures a device that is in use once more, by what is chosen now. */
  async recapture(kind: DeviceKind): Promise<void> {
    const { is } = this.#local[kind];
    if (is === 'off' || is === 'asking') return;
    this.#release(kind);
    await this.#capture([kind]);
  }

  /**
   * Shares a screen, window or tab in place of the camera's picture, a tab with its sound.
   *
   * @returns why not, where it was not to be had; `undefined` also when the person closed the question
   */
  async shareScreen(): Promise<CaptureProblem | undefined> {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia(SHARED);
      const [[screen], [sound]] = [stream.getVideoTracks(), stream.getAudioTracks()];
      if (screen === undefined || this.#closed) stream.getTracks().forEach(track => track.stop());
      else {
        this.#share(screen);
        // It goes on in silence where the code for its sound cannot be loaded.
        const code = sound && (await import('./tab-sound').catch(() => null));
        if (code && this.#local.screen === screen) this.#set({ tab: new code.TabSound(sound) });
        else sound?.stop();
      }
      return undefined;
    } catch (cause) {
      const problem = problemOf(cause);
      return problem === 'refused' ? undefined : problem;
    }
  }

  stopSharing(): void {
    const { screen, tab } = this.#local;
    if (screen === null) return;
    screen.onended = null;
    screen.stop();
    tab?.close();
    this.#set({ screen: null, tab: null });
  }

  /** Stops every capture, also one that is still being asked for. */
  close(): void {
    this.#closed = true;
    this.stopSharing();
    this.#release('camera');
    this.#release('microphone');
    this.#local = NOTHING;
  }

  async #capture(kinds: readonly DeviceKind[]): Promise<void> {
    for (const kind of kinds) this.#set({ [kind]: { is: 'asking' } });
    const { facing } = this.#local;
    const { pictures, ...processing } = rememberedSettings();
    const captured = await capture(kinds, { ...this.#choice, facing, processing, large: pictures === 'high' });
    for (const kind of kinds) this.#settle(kind, captured[kind] ?? { ok: false, problem: 'absent' });
  }

  #settle(kind: DeviceKind, captured: Captured): void {
    // Closed or switched off while the question stood: nobody wants this track any more.
    if (this.#closed || this.#local[kind].is !== 'asking') {
      if (captured.ok) captured.track.stop();
      return;
    }
    if (!captured.ok) return this.#set({ [kind]: { is: 'missing', problem: captured.problem } });
    const { track } = captured;
    if (kind === 'microphone') track.enabled = !this.#local.muted;
    else track.contentHint = 'motion';
    track.onended = () => this.#set({ [kind]: { is: 'missing', problem: 'gone' } });
    this.#set({ [kind]: { is: 'on', track } });
  }

  #share(screen: MediaStreamTrack): void {
    this.stopSharing();
    screen.contentHint = 'detail';
    screen.onended = () => this.stopSharing();
    this.#set({ screen });
  }

  #release(kind: DeviceKind): void {
    const track = trackOf(this.#local[kind]);
    if (track === null) return;
    track.onended = null;
    track.stop();
  }

  #set(change: Partial<LocalState>): void {
    this.#local = { ...this.#local, ...change };
    this.#local.tab?.mix(trackOf(this.#local.microphone));
    if (!this.#closed) this.#changed(this.#local);
  }
}
