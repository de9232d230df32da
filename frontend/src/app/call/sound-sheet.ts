import { Component, inject, output } from '@angular/core';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import volume2 from 'lucide-static/icons/volume-2.svg';
import volumeX from 'lucide-static/icons/volume-x.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { CallMedia } from './call-media';
import { type Processing } from './capture';
import { CallSettings, PICTURES, type Settings } from './call-settings';
import { CallSound } from './call-sound';
import { Peer } from './peer';
import { StageSheet } from './stage-sheet';
import { StageSwitch } from './stage-switch';

/** How loud the other person is, and what this device does to one's own sound and picture. */
@Component({
  selector: 'parley-sound-sheet',
  imports: [Icon, StageSheet, StageSwitch],
  styleUrls: ['./more-sheet.css', './sound-sheet.css'],
  template: `
    <parley-stage-sheet [title]="t('call.settings.title')" (closed)="closed.emit()">
      <label for="peer-volume">{{ t('call.settings.volume', { name: peer.name() }) }}</label>
      <div class="volume">
        <button
          class="icon-button"
          [attr.aria-pressed]="sound.silenced()"
          [attr.aria-label]="t('call.settings.silence', { name: peer.name() })"
          (click)="sound.silenced.set(!sound.silenced())"
        >
          <parley-icon [svg]="sound.silenced() ? icons.volumeX : icons.volume2" />
        </button>
        <input
          id="peer-volume"
          #range
          type="range"
          min="0"
          max="100"
          step="5"
          [value]="sound.volume() * 100"
          (input)="louder(range.valueAsNumber)"
        />
      </div>
      <label for="pictures">{{ t('call.settings.pictures') }}</label>
      <div class="select">
        <select id="pictures" #select (change)="set({ pictures: pictureOf(select.value) })">
          @for (preset of presets; track preset) {
            <option [value]="preset" [selected]="preset === settings.now().pictures">
              {{
                t(
                  preset === 'auto'
                    ? 'call.settings.auto'
                    : preset === 'save'
                      ? 'call.settings.save'
                      : 'call.settings.high'
                )
              }}
            </option>
          }
        </select>
        <parley-icon [svg]="icons.chevronDown" />
      </div>
      <div class="switches">
        <parley-stage-switch
          [label]="t('call.settings.hidesOwn')"
          [on]="settings.now().hidesOwn"
          (changed)="set({ hidesOwn: $event })"
        />
        @for (kind of processing; track kind) {
          <parley-stage-switch [label]="t(names[kind])" [on]="settings.now()[kind]" (changed)="process(kind, $event)" />
        }
        @if (hasKeys) {
          <parley-stage-switch
            [label]="t('call.settings.pushToTalk')"
            [hint]="t('call.settings.pushToTalkHint')"
            [on]="settings.now().pushToTalk"
            (changed)="set({ pushToTalk: $event })"
          />
        }
      </div>
    </parley-stage-sheet>
  `,
})
export class SoundSheet {
  readonly #media = inject(CallMedia);
  protected readonly peer = inject(Peer);
  protected readonly settings = inject(CallSettings);
  protected readonly sound = inject(CallSound);
  protected readonly t = inject(Words).t;
  protected readonly icons = { chevronDown, volume2, volumeX };
  protected readonly presets = PICTURES;
  protected readonly processing = ['echoCancellation', 'noiseSuppression', 'autoGainControl'] as const;
  protected readonly names = {
    echoCancellation: 'call.settings.echoCancellation',
    noiseSuppression: 'call.settings.noiseSuppression',
    autoGainControl: 'call.settings.autoGainControl',
  } as const;
  /** A phone has no space bar to hold. */
  protected readonly hasKeys = matchMedia('(any-hover: hover)').matches;

  readonly closed = output();

  protected louder(percent: number): void {
    this.sound.volume.set(percent / 100);
    this.sound.silenced.set(false);
  }

  protected pictureOf(value: string): Settings['pictures'] {
    return this.presets.find(preset => preset === value) ?? 'auto';
  }

  protected set(change: Partial<Settings>): void {
    this.settings.change(change);
  }

  /** The microphone is captured again: what the browser does to its sound is settled when it begins. */
  protected process(kind: keyof Processing, on: boolean): void {
    this.settings.change({ [kind]: on });
    void this.#media.recapture('microphone');
  }
}
