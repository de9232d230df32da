import { NgComponentOutlet } from '@angular/common';
import { Component, computed, DestroyRef, type ElementRef, inject, resource, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import info from 'lucide-static/icons/info.svg';
import micOff from 'lucide-static/icons/mic-off.svg';
import pause from 'lucide-static/icons/pause.svg';
import phone from 'lucide-static/icons/phone.svg';
import volumeX from 'lucide-static/icons/volume-x.svg';
import x from 'lucide-static/icons/x.svg';
import { isPlacing, phaseOf } from '#protocol/call-client-state';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallAnnouncer } from './call-announcer';
import { CallControls } from './call-controls';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallSettings } from './call-settings';
import { CallSound } from './call-sound';
import { CALL_CHAT, CallView } from './call-view';
import { CallTrust } from './call-trust';
import { CallWords } from './call-words';
import { CaptureProblem } from './capture-problem';
import { CodeStrip } from './code-strip';
import { isTyping } from './is-typing';
import { FilesNotice } from './files/files-notice';
import { pictureOf } from './local-media';
import { RecordingMark } from './recording/recording-mark';
import { HeldStrip } from './held-strip';
import { WaitingRing } from './waiting-ring';
import { Peer } from './peer';
import { PeerCamera } from './peer-camera';
import { PeerPortrait } from './peer-portrait';
import { Play } from './play';
import { fullScreenLayer } from './full-screen-layer';
import { Resting } from './resting';
import { SelfView } from './self-view';
import { Stage } from './stage';
import { type StageAction, StagePanels } from './stage-panels';
import { StageMessage } from './stage-message';
import { WeatherSign } from './weather-sign';

/** The stage of a call: the other person's picture, one's own, what is going on in words, and the controls. */
@Component({
  selector: 'parley-voice',
  imports: [
    CallAnnouncer,
    CallControls,
    CallTrust,
    CaptureProblem,
    CodeStrip,
    FilesNotice,
    HeldStrip,
    Icon,
    NgComponentOutlet,
    PeerCamera,
    PeerPortrait,
    Play,
    RecordingMark,
    Resting,
    SelfView,
    Stage,
    StageMessage,
    WeatherSign,
    WaitingRing,
  ],
  styleUrls: ['./stage.css', './voice.css'],
  templateUrl: './voice.html',
})
export class Voice {
  readonly #call = inject(Call);
  readonly #media = inject(CallMedia);
  readonly #link = inject(CallLink);
  readonly #chat = inject(CALL_CHAT, { optional: true });
  private readonly whole = viewChild.required<ElementRef<HTMLElement>>('whole');
  private readonly remote = viewChild<ElementRef<HTMLVideoElement>>('remote');
  protected readonly view = inject(CallView);
  protected readonly words = inject(CallWords);
  protected readonly peer = inject(Peer);
  protected readonly sound = inject(CallSound);
  protected readonly panels = inject(StagePanels);
  protected readonly settings = inject(CallSettings).now;
  protected readonly t = inject(Words).t;
  protected readonly icons = { chevronDown, info, micOff, pause, phone, volumeX, x };

  protected readonly placing = computed(() => isPlacing(this.#call.state()));
  protected readonly connected = computed(() => phaseOf(this.#call.state()) === 'connected');
  protected readonly picture = this.#link.picture;
  protected readonly beside = this.#link.beside;
  protected readonly files = this.#link.files;
  protected readonly sent = computed(() => this.#link.peer()?.video ?? 'none');
  protected readonly muted = computed(() => this.#media.local().muted && !this.placing());
  protected readonly held = this.#call.held;
  protected readonly peerHolds = computed(() => this.#link.peer()?.held === true && this.connected());
  protected readonly peerMuted = computed(
    () => this.#link.peer()?.microphone === 'muted' && this.connected() && !this.peerHolds(),
  );
  protected readonly showsPeer = computed(() => this.sent() !== 'none' && this.picture() !== null && !this.placing());
  /** A device is missing, is being asked for, or could not be shared. */
  protected readonly hasProblem = computed(() => {
    const { microphone, camera } = this.#media.local();
    const missing = microphone.is === 'missing' || camera.is === 'missing';
    return missing || this.#media.asksFor().length > 0 || this.#media.screenFailed();
  });
  protected readonly own = computed(() => pictureOf(this.#media.local()));
  /** While it rings one sees oneself in the whole stage. */
  protected readonly behind = computed(() => {
    const own = this.own();
    return this.placing() && own !== null ? new MediaStream([own]) : null;
  });
  protected readonly mirrored = computed(() => this.#media.local().facing === 'user');

  readonly #panel = resource({
    params: () => (this.view.chat() && this.#chat !== null ? this.#chat : undefined),
    loader: ({ params }) => params(),
  });
  protected readonly panel = computed(() => (this.#panel.hasValue() ? this.#panel.value() : null));
  protected readonly panelInputs = computed(() => ({ id: this.peer.conversation() }));

  protected keyed(event: KeyboardEvent): void {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'm') this.#media.toggleMute();
    else if (event.key === 'v') void this.#media.toggleCamera();
    else return;
    event.preventDefault();
  }

  constructor() {
    fullScreenLayer();
    this.panels.asked.pipe(takeUntilDestroyed()).subscribe(action => this.act(action));
    inject(DestroyRef).onDestroy(() => this.panels.open.set(null));
  }

  /** Beside the picture where there is room, else a sheet over its lower part. */
  protected openChat(): void {
    if (this.#chat !== null) return this.view.toggleChat();
    this.view.shrink();
    this.peer.openConversation();
  }

  protected act(action: StageAction): void {
    switch (action) {
      case 'share':
        return void this.#media.toggleScreen();
      case 'chat':
        return this.openChat();
      case 'picture':
        return void this.#pictureInPicture();
      case 'full-screen':
        return void this.#fullScreen();
    }
  }

  /** The remote picture in a window of its own over all others, where the browser has that; else the small view. */
  async #pictureInPicture(): Promise<void> {
    const video = this.remote()?.nativeElement;
    try {
      if (document.pictureInPictureElement !== null) await document.exitPictureInPicture();
      else await video?.requestPictureInPicture();
    } catch {
      // No picture yet, or the browser wants none: the small view does the same inside the app.
      this.view.shrink();
    }
  }

  async #fullScreen(): Promise<void> {
    if (document.fullscreenElement !== null) await document.exitFullscreen();
    // The stage inside the dialog: browsers refuse a dialog itself. Where they refuse more, it already covers the page.
    else
      await this.whole()
        .nativeElement.requestFullscreen()
        .catch(() => undefined);
  }
}
