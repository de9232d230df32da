import { Component, computed, inject, input } from '@angular/core';
import { Words } from '../../i18n/words';
import { WEATHER_WORDS } from '../call-log/weather-words';
import { type Weather } from './weather';

/** How well a call goes: five bars, of which as many are full as it is good, and the word. */
@Component({
  selector: 'parley-weather-sign',
  host: { '[class.weak]': 'bars() < 3' },
  template: `
    <svg viewBox="0 0 17 13" aria-hidden="true">
      @for (height of heights; track height) {
        <rect
          [attr.x]="$index * 3.5"
          [attr.y]="13 - height"
          width="2.5"
          [attr.height]="height"
          rx="0.8"
          [class.empty]="$index >= bars()"
        />
      }
    </svg>
    <span>{{ t(word()) }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 5px;
    }

    :host(.weak) {
      color: #f6b96b;
    }

    svg {
      width: 17px;
      height: 13px;
      fill: currentColor;
    }

    .empty {
      opacity: 0.35;
    }
  `,
})
export class WeatherSign {
  readonly weather = input.required<Weather>();
  protected readonly t = inject(Words).t;
  protected readonly heights = [4, 6, 8.5, 11, 13];
  protected readonly bars = computed(() => 5 - WEATHER_WORDS.indexOf(this.weather().word));
  protected readonly word = computed(() => `call.weather.${this.weather().word}` as const);
}
