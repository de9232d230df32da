import { Component, computed, inject, output } from '@angular/core';
import activity from 'lucide-static/icons/activity.svg';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import maximize from 'lucide-static/icons/maximize.svg';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import monitorUp from 'lucide-static/icons/monitor-up.svg';
import paperclip from 'lucide-static/icons/paperclip.svg';
import pictureInPicture from 'lucide-static/icons/picture-in-picture-2.svg';
import circleDot from 'lucide-static/icons/circle-dot.svg';
import film from 'lucide-static/icons/film.svg';
import slidersHorizontal from 'lucide-static/icons/sliders-horizontal.svg';
import { type Key, Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { type PickerKind } from './device-choice';
import { Peer } from './peer';
import { CallRecording } from './recording/call-recording';
import { Recordings } from './recording/recordings';
import { QualityWatch } from './quality-watch';
import { type Panel, type StageAction, StagePanels } from './stage-panels';
import { StageSheet } from './stage-sheet';

/** What a person can do from here. */
type MoreAction = StageAction | Exclude<Panel, 'code'> | 'record';

/** The devices of the call and what has no button of its own: a sheet over the stage. */
@Component({
  selector: 'parley-more-sheet',
  imports: [Icon, StageSheet],
  styleUrl: './more-sheet.css',
  template: `
    <parley-stage-sheet #sheet [title]="t('call.devices.title')" (closed)="closed.emit()">
      <div class="columns">
        <ul>
          @for (action of actions(); track action.does) {
            <li>
              <button [disabled]="!!action.hint" (click)="sheet.close(); act(action.does)">
                <parley-icon [svg]="action.icon" />
                <span>
                  {{ t(action.title) }}
                  @if (action.hint; as hint) {
                    <small>{{ t(hint, { name: peer.name() }) }}</small>
                  }
                </span>
              </button>
            </li>
          }
        </ul>
        <div class="pickers">
          @for (picker of pickers(); track picker.kind) {
            <label [for]="'pick-' + picker.kind">{{ t(picker.title) }}</label>
            <div class="select">
              <select [id]="'pick-' + picker.kind" #select (change)="choose(picker.kind, select.value)">
                @for (device of picker.devices; track device.id) {
                  <option [value]="device.id" [selected]="device.id === picker.chosen">
                    {{ device.label || t('call.devices.unnamed', { n: $index + 1 }) }}
                  </option>
                } @empty {
                  <option value="">{{ t('call.devices.none') }}</option>
                }
              </select>
              <parley-icon [svg]="icons.chevronDown" />
            </div>
          }
        </div>
      </div>
      <p class="keys">{{ t('call.keys') }}</p>
      <p>{{ t('settings.about.listening') }}</p>
    </parley-stage-sheet>
  `,
})
export class MoreSheet {
  readonly #media = inject(CallMedia);
  readonly #link = inject(CallLink);
  readonly #panels = inject(StagePanels);
  readonly #recording = inject(CallRecording);
  readonly #recordings = inject(Recordings);
  protected readonly peer = inject(Peer);
  readonly #watch = inject(QualityWatch);
  protected readonly t = inject(Words).t;
  protected readonly icons = { chevronDown };

  readonly closed = output();

  protected readonly pickers = computed(() => {
    const devices = this.#media.devices();
    const choice = this.#media.choice();
    const local = this.#media.local();
    const used = { microphone: deviceOf(local.microphone), camera: deviceOf(local.camera), speaker: undefined };
    // Browsers that cannot choose where sound comes out list no speakers.
    const kinds: PickerKind[] =
      devices.speaker.length > 0 ? ['microphone', 'camera', 'speaker'] : ['microphone', 'camera'];
    return kinds.map(kind => ({
      kind,
      title: `call.devices.${kind}` as const,
      devices: devices[kind],
      chosen: used[kind] ?? choice[kind],
    }));
  });

  protected readonly actions = computed(() => {
    const all: { does: MoreAction; title: Key; icon: string; there: boolean; hint?: Key | null }[] = [
      {
        does: 'share',
        title: this.#media.local().screen === null ? 'call.shareScreen' : 'call.stopSharing',
        icon: monitorUp,
        there: 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices,
      },
      { does: 'chat', title: 'call.openChat', icon: messageCircle, there: this.peer.conversation() !== undefined },
      { does: 'files', title: 'call.files.send', icon: paperclip, there: this.#link.files() !== null },
      {
        does: 'record',
        title: this.#records() ? 'call.recording.stop' : 'call.recording.start',
        icon: circleDot,
        there: this.#link.link() !== null,
        hint: this.#records() ? null : this.#recordHint(),
      },
      {
        does: 'recordings',
        title: 'call.recording.title',
        icon: film,
        there: this.#recordings.all().length > 0,
      },
      {
        does: 'picture',
        title: 'call.pictureInPicture',
        icon: pictureInPicture,
        there: document.pictureInPictureEnabled,
      },
      {
        does: 'full-screen',
        title: document.fullscreenElement === null ? 'call.fullScreen' : 'call.leaveFullScreen',
        icon: maximize,
        there: document.fullscreenEnabled,
      },
      { does: 'sound', title: 'call.settings.title', icon: slidersHorizontal, there: true },
      { does: 'stats', title: 'call.stats.open', icon: activity, there: this.#watch.quality() !== null },
    ];
    return all.filter(({ there }) => there);
  });

  readonly #records = computed(() => this.#recording.own()?.is === 'recording');

  protected act(action: MoreAction): void {
    if (action === 'record') return this.#records() ? this.#recording.does('end') : this.#recording.ask();
    if (action === 'sound' || action === 'stats' || action === 'files' || action === 'recordings')
      this.#panels.open.set(action);
    else if (action !== 'more') this.#panels.asked.next(action);
  }

  /** Why this call cannot be recorded at the moment. */
  #recordHint(): Key | null {
    const obstacle = this.#recording.obstacle();
    if (obstacle !== null) return `call.recording.obstacle.${obstacle}`;
    if (this.#recording.own()?.is === 'asking') return 'call.recording.obstacle.asking';
    return this.#recording.canAsk() ? null : 'call.recording.obstacle.notNow';
  }

  protected choose(kind: PickerKind, deviceId: string): void {
    if (kind === 'speaker') this.#media.chooseSpeaker(deviceId);
    else void this.#media.choose(kind, deviceId);
  }
}

const deviceOf = (use: { readonly is: string; readonly track?: MediaStreamTrack }): string | undefined =>
  use.track?.getSettings().deviceId;
