import { afterNextRender, Component, computed, type ElementRef, inject, output, viewChild } from '@angular/core';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import maximize from 'lucide-static/icons/maximize.svg';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import monitorUp from 'lucide-static/icons/monitor-up.svg';
import pictureInPicture from 'lucide-static/icons/picture-in-picture-2.svg';
import x from 'lucide-static/icons/x.svg';
import { type Key, Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { openLayer } from '../look/layers';
import { CallMedia } from './call-media';
import { type PickerKind } from './device-choice';
import { Peer } from './peer';

/** What a person can do from here. */
export type MoreAction = 'share' | 'chat' | 'picture' | 'full-screen';

/** The devices of the call and what has no button of its own: a sheet over the stage. */
@Component({
  selector: 'parley-more-sheet',
  imports: [Icon],
  styleUrl: './more-sheet.css',
  template: `
    <dialog
      #sheet
      tabindex="-1"
      aria-labelledby="more-title"
      (close)="closed.emit()"
      (keydown)="$event.stopPropagation()"
      (click)="$event.target === sheet && sheet.close()"
    >
      <header>
        <h2 id="more-title">{{ t('call.devices.title') }}</h2>
        <button class="icon-button" (click)="sheet.close()" [attr.aria-label]="t('call.devices.close')">
          <parley-icon [svg]="icons.x" />
        </button>
      </header>
      <div class="columns">
        <ul>
          @for (action of actions(); track action.does) {
            <li>
              <button (click)="sheet.close(); act.emit(action.does)">
                <parley-icon [svg]="action.icon" />{{ t(action.title) }}
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
    </dialog>
  `,
})
export class MoreSheet {
  readonly #media = inject(CallMedia);
  readonly #peer = inject(Peer);
  private readonly sheet = viewChild.required<ElementRef<HTMLDialogElement>>('sheet');
  protected readonly t = inject(Words).t;
  protected readonly icons = { chevronDown, x };

  readonly act = output<MoreAction>();
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
    const all: { does: MoreAction; title: Key; icon: string; there: boolean }[] = [
      {
        does: 'share',
        title: this.#media.local().screen === null ? 'call.shareScreen' : 'call.stopSharing',
        icon: monitorUp,
        there: 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices,
      },
      { does: 'chat', title: 'call.openChat', icon: messageCircle, there: this.#peer.conversation() !== undefined },
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
    ];
    return all.filter(({ there }) => there);
  });

  constructor() {
    afterNextRender(() => this.sheet().nativeElement.showModal());
    openLayer(() => this.sheet().nativeElement.close());
  }

  protected choose(kind: PickerKind, deviceId: string): void {
    if (kind === 'speaker') this.#media.chooseSpeaker(deviceId);
    else void this.#media.choose(kind, deviceId);
  }
}

const deviceOf = (use: { readonly is: string; readonly track?: MediaStreamTrack }): string | undefined =>
  use.track?.getSettings().deviceId;
