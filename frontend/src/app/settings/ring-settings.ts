import { Component, computed, DestroyRef, inject, signal } from '@angular/core';
import play from 'lucide-static/icons/play.svg';
import square from 'lucide-static/icons/square.svg';
import { laterWords } from '../../i18n/later-words';
import { CallSettings } from '../call/call-settings';
import { RINGTONE_NAMES, type RingtoneName, RINGTONES, type Sounding, sound } from '../call/tones';
import { Icon } from '../look/icon';
import { Choice } from './choice';
import { SwitchRow } from './switch-row';

/** How many rounds of a ringtone are played to try it. */
const ROUNDS = 2;

/** How a call rings on this device: one of three ringtones, to be heard before it is chosen, and whether it vibrates. */
@Component({
  selector: 'parley-ring-settings',
  imports: [Choice, Icon, SwitchRow],
  template: `
    <parley-choice
      [label]="t('settings.ring.tone')"
      [options]="options()"
      [value]="tone()"
      (valueChange)="choose($event)"
    />
    <button class="button tonal try" type="button" (click)="toggle()">
      <parley-icon [svg]="playing() ? icons.square : icons.play" />
      {{ t(playing() ? 'settings.ring.stop' : 'settings.ring.play') }}
    </button>
    @if (vibrates) {
      <div class="card">
        <parley-switch-row
          [label]="t('settings.ring.vibrate')"
          [on]="settings.now().vibrates"
          (changed)="settings.change({ vibrates: $event })"
        />
      </div>
    }
  `,
  styles: `
    .try {
      margin-block: 12px 16px;
    }
  `,
})
export class RingSettings {
  protected readonly settings = inject(CallSettings);
  protected readonly t = laterWords();
  protected readonly icons = { play, square };
  /** Desktops and iPhones do not. */
  protected readonly vibrates = 'vibrate' in navigator;
  readonly #sounding = signal<Sounding | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly tone = computed(() => this.settings.now().ringtone);
  protected readonly playing = computed(() => this.#sounding() !== null);
  protected readonly options = computed(() =>
    RINGTONE_NAMES.map(value => ({ value, label: this.t(`settings.ring.${value}`) })),
  );

  constructor() {
    inject(DestroyRef).onDestroy(() => this.#stop());
  }

  /** What is chosen is heard: at once where it plays already. */
  protected choose(ringtone: RingtoneName): void {
    this.settings.change({ ringtone });
    if (this.playing()) this.#play();
  }

  protected toggle(): void {
    if (this.playing()) this.#stop();
    else this.#play();
  }

  #play(): void {
    this.#stop();
    const melody = RINGTONES[this.tone()];
    const seconds = melody.roundSeconds * ROUNDS;
    this.#sounding.set(sound(melody, seconds, () => undefined));
    this.#timer = setTimeout(() => this.#stop(), seconds * 1_000);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#sounding()?.stop();
    this.#sounding.set(null);
  }
}
