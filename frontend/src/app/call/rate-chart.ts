import { Component, computed, inject, input } from '@angular/core';
import { Words } from '../../i18n/words';
import { type Rates } from './link-facts';

/** The size of the drawing, and how much time it spans, ms. */
const WIDTH = 326;
const HEIGHT = 72;
const SPAN_MS = 120_000;
/** Full heights a person can read, kbit/s. */
const SCALES = [100, 250, 500, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000];

/** What this end has sent in the last two minutes: two lines, and the same in words for who cannot see them. */
@Component({
  selector: 'parley-rate-chart',
  template: `
    <div class="legend" aria-hidden="true">
      <span class="picture">{{ t('call.stats.picture') }}</span>
      <span class="sound">{{ t('call.stats.sound') }}</span>
      <span class="unit">{{ t('call.stats.unit') }}</span>
    </div>
    <svg [attr.viewBox]="box" preserveAspectRatio="none" role="img" [attr.aria-label]="words()">
      <line class="grid" x1="0" x2="326" y1="8" y2="8" />
      <line class="grid" x1="0" x2="326" y1="40" y2="40" />
      <line class="grid" x1="0" x2="326" y1="72" y2="72" />
      <path class="area" [attr.d]="area()" />
      <polyline class="picture" [attr.points]="line('picture')" />
      <polyline class="sound" [attr.points]="line('sound')" />
    </svg>
    <span class="scale" aria-hidden="true">{{ scale() }}</span>
    <div class="ends" aria-hidden="true">
      <span>{{ t('call.stats.before') }}</span>
      <span>{{ t('call.stats.now') }}</span>
    </div>
  `,
  styleUrl: './rate-chart.css',
})
export class RateChart {
  readonly rates = input.required<readonly Rates[]>();
  protected readonly t = inject(Words).t;
  protected readonly box = `0 0 ${WIDTH} ${HEIGHT}`;

  protected readonly scale = computed(() => {
    const most = Math.max(...this.rates().flatMap(({ sound, picture }) => [sound, picture]), 1);
    return SCALES.find(scale => scale >= most) ?? most;
  });

  protected readonly words = computed(() => {
    const pictures = this.rates().map(({ picture }) => picture);
    const now = this.rates().at(-1);
    return this.t('call.stats.chart', {
      least: Math.min(...pictures, Infinity) === Infinity ? 0 : Math.min(...pictures),
      most: Math.max(...pictures, 0),
      picture: now?.picture ?? 0,
      sound: now?.sound ?? 0,
    });
  });

  protected readonly area = computed(() => {
    const points = this.#points('picture');
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return '';
    const along = points.map(([x, y]) => `L${x} ${y}`).join('');
    return `M${first[0]} ${HEIGHT}${along}L${last[0]} ${HEIGHT}Z`;
  });

  protected line(of: 'picture' | 'sound'): string {
    return this.#points(of)
      .map(point => point.join(','))
      .join(' ');
  }

  #points(of: 'picture' | 'sound'): [number, number][] {
    const now = this.rates().at(-1)?.at ?? 0;
    return this.rates().map(rates => [
      round(WIDTH * (1 - (now - rates.at) / SPAN_MS)),
      // The uppermost line is the full scale; above it stands its number.
      round(HEIGHT - (rates[of] / this.scale()) * (HEIGHT - 8)),
    ]);
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;
