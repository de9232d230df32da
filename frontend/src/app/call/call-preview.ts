import { Component, computed, DestroyRef, effect, inject, input, resource, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import camera from 'lucide-static/icons/camera.svg';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import info from 'lucide-static/icons/info.svg';
import mic from 'lucide-static/icons/mic.svg';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import volume2 from 'lucide-static/icons/volume-2.svg';
import x from 'lucide-static/icons/x.svg';
import { EMPTY, fromEvent } from 'rxjs';
import { isIdle, isRinging } from '#protocol/call-client-state';
import { type Media } from '#protocol/call-frames';
import { type Key, Words } from '../../i18n/words';
import { Contacts } from '../contacts/contacts';
import { PresenceWords } from '../contacts/presence-words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallMedia } from './call-media';
import { CallSettings } from './call-settings';
import { listDevices, NO_DEVICES, type PickerKind, rememberChoice, rememberedChoice } from './device-choice';
import { followLevel } from './level-meter';
import { LocalMedia, type LocalState, NOTHING } from './local-media';
import { OwnPicture } from './own-picture';
import { Peer } from './peer';
import { problemsOf } from './problems-of';
import { type Before, ReadyCheck } from './ready-check';
import { Stage } from './stage';
import { StageSwitch } from './stage-switch';
import { CHECK_TONE, sound } from './tones';

/** How long a person has to say something before the check says that it has heard nothing. */
const QUIET_AFTER_MS = 2_000;

/** Before a call: one's own picture and loudness, the devices, and two ways to go on. Nothing of it is sent. */
@Component({
  selector: 'parley-call-preview',
  imports: [Icon, OwnPicture, Stage, StageSwitch],
  styleUrls: ['./stage.css', './call-preview.css'],
  templateUrl: './call-preview.html',
})
export class CallPreview {
  readonly #call = inject(Call);
  readonly #callMedia = inject(CallMedia);
  readonly #contacts = inject(Contacts);
  readonly #peer = inject(Peer);
  readonly #presence = inject(PresenceWords);
  readonly #check = inject(ReadyCheck);
  readonly #local = signal<LocalState>(NOTHING);
  readonly #level = signal(0);
  readonly #said = signal<'listening' | 'heard' | 'quiet'>('listening');
  protected readonly settings = inject(CallSettings);
  protected readonly t = inject(Words).t;
  protected readonly media = new LocalMedia(local => this.#local.set(local));
  protected readonly local = this.#local.asReadonly();
  protected readonly sixBars = [0, 1, 2, 3, 4, 5];
  protected readonly icons = {
    chevronDown,
    info,
    phone,
    video,
    x,
    camera,
    microphone: mic,
    speaker: volume2,
  };

  readonly before = input.required<Before>();
  protected readonly accepts = computed(() => 'accept' in this.before());
  protected readonly name = computed(() => {
    const before = this.before();
    if (!('place' in before)) return this.#peer.name();
    return this.#contacts.of(before.place)?.person.displayName ?? this.t('call.somebody');
  });
  /** Says that nothing is sent yet and, before a call is placed, the presence of the callee. A caller is always present. */
  protected readonly sent = computed(() => {
    const before = this.before();
    const presence = 'place' in before ? this.#presence.of(before.place) : '';
    const nothing = this.t('call.preview.nothingSent');
    return presence === '' ? nothing : `${presence} · ${nothing}`;
  });
  protected readonly bars = computed(() => (this.#local().muted ? 0 : Math.round(this.#level() * 6)));
  protected readonly heard = computed<Key>(() => {
    if (this.#local().microphone.is !== 'on' || this.#local().muted) return 'call.preview.silent';
    const words = { listening: 'call.test.speak', heard: 'call.test.heard', quiet: 'call.preview.quiet' } as const;
    return words[this.#said()];
  });
  protected readonly problems = computed(() => problemsOf(this.#local()));

  readonly #plugs = toSignal('mediaDevices' in navigator ? fromEvent(navigator.mediaDevices, 'devicechange') : EMPTY);
  // Once a device was granted they have names.
  readonly #listed = resource({
    params: () => [this.#local().microphone.is, this.#local().camera.is, this.#plugs()],
    loader: listDevices,
  });
  protected readonly devices = computed(() => (this.#listed.hasValue() ? this.#listed.value() : NO_DEVICES));
  readonly #choice = signal(rememberedChoice());
  protected readonly pickers = computed(() => {
    const devices = this.devices();
    const kinds: PickerKind[] = ['camera', 'microphone', ...(devices.speaker.length > 0 ? ['speaker' as const] : [])];
    return kinds.map(kind => ({
      kind,
      title: `call.devices.${kind}` as const,
      devices: devices[kind],
      chosen: (kind === 'speaker' ? undefined : this.#used(kind)) ?? this.#choice()[kind],
    }));
  });

  constructor() {
    void this.media.open('video');
    effect(stop => {
      const { microphone } = this.#local();
      if (microphone.is === 'on') stop(untracked(() => this.#listen(microphone.track)));
    });
    // What it was shown before is over or has begun elsewhere.
    effect(() => {
      const call = this.#call.state();
      if (this.accepts() ? !isRinging(call) : !isIdle(call) && !isRinging(call)) this.close();
    });
    inject(DestroyRef).onDestroy(() => this.media.close());
  }

  protected close(): void {
    this.#check.close();
  }

  /** The devices are free again before the call asks for them: a phone opens a camera once. */
  protected go(media: Media): void {
    const { muted, camera } = this.#local();
    this.media.close();
    this.#callMedia.startWith({ muted, camera: camera.is !== 'off' });
    this.#check.done();
    const before = this.before();
    if ('place' in before) this.#call.place(before.place, media);
    else void this.#call.answer({ type: 'accept', media });
  }

  protected toggleCamera(): void {
    if (this.#local().camera.is === 'on') this.media.cameraOff();
    else void this.media.cameraOn();
  }

  protected choose(kind: PickerKind, deviceId: string): void {
    if (kind === 'speaker') rememberChoice({ ...rememberedChoice(), speaker: deviceId });
    else void this.media.choose(kind, deviceId);
    this.#choice.set(rememberedChoice());
  }

  protected playTone(): void {
    const { stop } = sound(CHECK_TONE, CHECK_TONE.roundSeconds, () => undefined, this.#choice().speaker);
    setTimeout(stop, CHECK_TONE.roundSeconds * 1_000);
  }

  #used(kind: 'camera' | 'microphone'): string | undefined {
    const use = this.#local()[kind];
    return use.is === 'on' ? use.track.getSettings().deviceId : undefined;
  }

  #listen(track: MediaStreamTrack): () => void {
    this.#said.set('listening');
    const stop = followLevel(track, (level, heard) => {
      this.#level.set(level);
      if (heard) this.#said.set('heard');
    });
    const quiet = setTimeout(() => this.#said.update(said => (said === 'heard' ? said : 'quiet')), QUIET_AFTER_MS);
    return () => {
      stop();
      clearTimeout(quiet);
    };
  }
}
