import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';
import { debounceTime, EMPTY, filter, fromEvent, merge } from 'rxjs';
import { mediaWanted } from '#protocol/call-client-state';
import { type Media } from '#protocol/call-frames';
import { type MediaState } from '#protocol/content';
import { type CallId } from '#protocol/ids';
import { Call } from './call';
import { type CaptureProblem, type DeviceKind, permission } from './capture';
import {
  type DeviceChoice,
  type Devices,
  listDevices,
  NO_DEVICES,
  rememberChoice,
  rememberedChoice,
} from './device-choice';
import { type DeviceUse, LocalMedia, type LocalState, mediaStateOf, NOTHING } from './local-media';

/** Several devices of one headset come and go together. */
const PLUGGING_MS = 300;

/** Whether a call begins, or goes on after it was held, muted, and with the camera on. */
interface Start {
  readonly muted: boolean;
  readonly camera: boolean;
}
const AS_USUAL: Start = { muted: false, camera: true };

const DEVICES = ['microphone', 'camera'] as const;

const isMissing = (use: DeviceUse, problems: readonly CaptureProblem[]): boolean =>
  use.is === 'missing' && problems.includes(use.problem);

/**
 * What this end captures, as the call wants it: nothing before a call is placed or accepted, nothing after its end.
 */
@Service()
export class CallMedia {
  readonly #call = inject(Call);
  readonly #local = signal<LocalState>(NOTHING);
  readonly #devices = signal<Devices>(NO_DEVICES);
  readonly #choice = signal<DeviceChoice>(rememberedChoice());
  /** The call for which something is captured. */
  readonly #callId = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' || mediaWanted(call) === null ? null : call.callId;
  });
  /** What the person had switched on in a call that is held now. */
  readonly #kept = new Map<CallId, Start>();
  #served: CallId | null = null;
  #start: Start = AS_USUAL;
  readonly #asksFor = signal<readonly DeviceKind[]>([]);
  readonly #gone = computed(() => DEVICES.some(kind => isMissing(this.#local()[kind], ['gone'])));
  #media: LocalMedia | null = null;
  #settled: Promise<unknown> = Promise.resolve();

  readonly local = this.#local.asReadonly();
  readonly devices = this.#devices.asReadonly();
  readonly choice = this.#choice.asReadonly();
  /** Nothing that is said here is sent: it was muted, or there is no microphone. */
  readonly muted = computed(() => this.#local().muted || this.#local().microphone.is === 'missing');
  /** What the browser asks the person for, and the call waits for the answer. */
  readonly asksFor = computed(() => this.#asksFor().filter(kind => this.#local()[kind].is === 'asking'));
  /** What the peer is told; a new object only when it says something else. */
  readonly sent = computed(() => this.#sent(), {
    equal: (a, b) =>
      a.microphone === b.microphone && a.video === b.video && a.paused === b.paused && a.camera === b.camera,
  });
  /** The network carries no picture at the moment: the peer is told that there is none, and sees no picture that stands still. */
  readonly paused = signal(false);
  /** A screen could not be shared; false again once that was read. */
  readonly screenFailed = signal(false);

  constructor() {
    effect(() => {
      const callId = this.#callId();
      untracked(() => this.#serve(callId));
    });
    const plugs = 'mediaDevices' in navigator ? fromEvent(navigator.mediaDevices, 'devicechange') : EMPTY;
    // Which of the two comes first, the end of a track or the news about its device, no browser promises.
    merge(plugs, toObservable(this.#gone).pipe(filter(Boolean)))
      .pipe(debounceTime(PLUGGING_MS), takeUntilDestroyed())
      .subscribe(() => void this.#replugged());
  }

  /**
   * Settles when a link may be built: once the browser has answered for devices, granted or refused. One that is built
   * earlier hides this machine's addresses behind mDNS names for good. Where the answer is known the capture is not
   * waited for.
   */
  get settled(): Promise<unknown> {
    return this.#settled;
  }

  /** Where there is no microphone there is nothing to mute: it is asked for again. */
  toggleMute(): void {
    if (this.#local().microphone.is === 'missing') void this.retry('microphone');
    else this.#media?.mute(!this.#local().muted);
  }

  /** How the next call begins at this end, whatever kind of call it is. */
  startWith(start: Start): void {
    this.#start = start;
  }

  /** Silences what is sent, or lets it be heard again. */
  mute(muted: boolean): void {
    this.#media?.mute(muted);
  }

  /** Captures a device that is in use once more, with other settings. */
  async recapture(kind: DeviceKind): Promise<void> {
    await this.#media?.recapture(kind);
  }

  async toggleCamera(): Promise<void> {
    if (this.#local().camera.is === 'on') this.#media?.cameraOff();
    else {
      void this.#asks(['camera']);
      await this.#media?.cameraOn();
    }
    await this.#list();
  }

  async flip(): Promise<void> {
    void this.#asks(['camera']);
    await this.#media?.flip();
  }

  async retry(kind: DeviceKind): Promise<void> {
    void this.#asks([kind]);
    await this.#media?.retry(kind);
    await this.#list();
  }

  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    void this.#asks([kind]);
    await this.#media?.choose(kind, deviceId);
    this.#choice.set(rememberedChoice());
  }

  /** Where sound comes out (`setSinkId`); the stage's element takes it from `choice`. */
  chooseSpeaker(deviceId: string): void {
    rememberChoice({ ...rememberedChoice(), speaker: deviceId });
    this.#choice.set(rememberedChoice());
  }

  /** Begins or ends sharing a screen. */
  async toggleScreen(): Promise<void> {
    this.screenFailed.set(false);
    if (this.#local().screen !== null) this.#media?.stopSharing();
    else if ((await this.#media?.shareScreen()) !== undefined) this.screenFailed.set(true);
  }

  #sent(): MediaState {
    const state = mediaStateOf(this.#local());
    return this.paused() && state.video !== 'none' ? { ...state, video: 'none', camera: false, paused: true } : state;
  }

  /** Captures for this call from now on, or for none: each call has what its own person wanted in it. */
  #serve(callId: CallId | null): void {
    if (callId === this.#served) return;
    const kept = callId === null ? undefined : this.#kept.get(callId);
    this.#keep();
    this.#served = callId;
    if (callId === null) return this.#end();
    const wanted = kept === undefined ? (mediaWanted(this.#call.state()) ?? 'audio') : kept.camera ? 'video' : 'audio';
    if (this.#media === null) this.#begin(wanted);
    else void this.#turnTo(this.#media, wanted);
    // A call that is new stays as muted as the last one was: nobody is heard who does not expect it.
    if (kept !== undefined) this.#media?.mute(kept.muted);
  }

  /** Remembers what the call had that is put on hold, and forgets calls that are over. */
  #keep(): void {
    const { muted, camera } = this.#local();
    const held = this.#call.held()?.callId;
    if (held !== undefined && held === this.#served) this.#kept.set(held, { muted, camera: camera.is === 'on' });
    for (const callId of this.#kept.keys()) if (callId !== held) this.#kept.delete(callId);
  }

  /** Another call takes the place of the last one: the microphone goes on, a screen is shared no more. */
  async #turnTo(media: LocalMedia, wanted: Media): Promise<void> {
    media.stopSharing();
    this.screenFailed.set(false);
    if (wanted === 'audio') return media.cameraOff();
    void this.#asks(['camera']);
    await media.cameraOn();
    await this.#list();
  }

  #begin(media: Media): void {
    this.#media = new LocalMedia(local => this.#local.set(local));
    const { muted, camera } = this.#start;
    this.#start = AS_USUAL;
    if (muted) this.#media.mute(true);
    if (!camera) media = 'audio';
    const opened = this.#media.open(media).then(() => this.#list());
    this.#settled = Promise.race([opened, this.#answered(media)]);
  }

  #end(): void {
    this.#media?.close();
    this.#media = null;
    this.screenFailed.set(false);
    this.#local.set(NOTHING);
  }

  /** Settles at once where no question will be asked, else never. */
  async #answered(media: Media): Promise<void> {
    const asks = await this.#asks(media === 'audio' ? ['microphone'] : DEVICES);
    if (asks) await new Promise(() => undefined);
  }

  /** Finds out whether the browser will ask the person for one of these; where it does not tell it may. */
  async #asks(kinds: readonly DeviceKind[]): Promise<boolean> {
    this.#asksFor.set([]);
    const answers = await Promise.all(kinds.map(permission));
    const asked = kinds.filter((_, index) => answers[index] === 'prompt' || answers[index] === 'unknown');
    this.#asksFor.set(asked);
    return asked.length > 0;
  }

  async #list(): Promise<void> {
    this.#devices.set(await listDevices());
  }

  /** A device was plugged in or out: what was lost for want of it is tried again. */
  async #replugged(): Promise<void> {
    if (this.#media === null) return;
    await this.#list();
    for (const kind of DEVICES) if (isMissing(this.#local()[kind], ['gone', 'absent'])) await this.retry(kind);
  }
}
