import { Component, computed, inject, output } from '@angular/core';
import copy from 'lucide-static/icons/copy.svg';
import { type Key, Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { factsOf, type LinkFacts, ratesOf } from './link-facts';
import { Peer } from './peer';
import { QualityWatch } from './quality-watch';
import { RateChart } from './rate-chart';
import { StageSheet } from './stage-sheet';
import { Toast } from '../look/toast';

/** From these shares on it is worth a word: of what got lost, and of the sound that had to be made up. */
const LOST = 0.01;
const CONCEALED = 0.05;

/** The connection for the curious: the cause first, then a chart of two minutes, then the numbers. */
@Component({
  selector: 'parley-call-stats',
  imports: [Icon, RateChart, StageSheet],
  styleUrl: './call-stats.css',
  template: `
    <parley-stage-sheet [title]="title()" (closed)="closed.emit()">
      <p>{{ hint() }}</p>
      <parley-rate-chart [rates]="rates()" />
      @if (rows().length > 0) {
        <h3>{{ t('call.stats.rightNow') }}</h3>
        <dl>
          @for (row of rows(); track row.name) {
            <div>
              <dt>{{ t(row.name) }}</dt>
              <dd>{{ row.value }}</dd>
            </div>
          }
        </dl>
      }
      <button class="pill" (click)="copy()"><parley-icon [svg]="copyIcon" />{{ t('call.stats.copy') }}</button>
    </parley-stage-sheet>
  `,
})
export class CallStats {
  readonly #watch = inject(QualityWatch);
  readonly #words = inject(Words);
  readonly #peer = inject(Peer);
  readonly #toast = inject(Toast);
  protected readonly t = this.#words.t;
  protected readonly copyIcon = copy;

  readonly closed = output();

  protected readonly rates = computed(() => ratesOf(this.#watch.history()));
  readonly #facts = computed(() => {
    const report = this.#watch.report();
    return report === null ? null : factsOf(report, this.#watch.history());
  });

  protected readonly title = computed(() => {
    const quality = this.#watch.quality();
    if (quality === null) return this.t('call.stats.open');
    const word = this.t(`call.weather.${quality.word}`);
    if (quality.cause === null) return this.t('call.stats.fine', { word });
    return this.t(`call.stats.because.${quality.cause}`, { word, name: this.#peer.name() });
  });

  /** What gets lost, and what a person can do about it. */
  protected readonly hint = computed(() => {
    const facts = this.#facts();
    const cause = this.#watch.quality()?.cause ?? 'none';
    const name = this.#peer.name();
    const advice = this.t(`call.stats.hint.${cause}`, { name });
    if (facts === null) return advice;
    const lost = { sent: this.#share(facts.lostSent), received: this.#share(facts.lostReceived), name };
    if (facts.lostSent >= LOST && facts.lostSent >= facts.lostReceived)
      return `${this.t('call.stats.lostSent', lost)} ${advice}`;
    return facts.lostReceived >= LOST ? `${this.t('call.stats.lostReceived', lost)} ${advice}` : advice;
  });

  protected readonly rows = computed<readonly { name: Key; value: string }[]>(() => {
    const facts = this.#facts();
    return facts === null ? [] : this.#rowsOf(facts);
  });

  protected async copy(): Promise<void> {
    const rows = this.rows().map(({ name, value }) => `${this.t(name)}: ${value}`);
    try {
      await navigator.clipboard.writeText([this.title(), this.hint(), ...rows].join('\n'));
      this.#toast.say(this.t('call.stats.copied'));
    } catch {
      this.#toast.say(this.t('call.stats.notCopied'));
    }
  }

  #rowsOf({ relayed, transport, roundTripMs, lostSent, lostReceived, picture, sound }: LinkFacts) {
    const { t } = this.#words;
    const way = t(relayed ? 'call.stats.relayed' : 'call.stats.direct', { transport: transport.toUpperCase() });
    const lost = t('call.stats.lostBoth', { sent: this.#share(lostSent), received: this.#share(lostReceived) });
    const clear = t(sound.concealed < CONCEALED ? 'call.stats.clear' : 'call.stats.choppy');
    const { width, height, framesPerSecond = 0, codec } = picture ?? {};
    return [
      { name: 'call.stats.way', value: way },
      { name: 'call.stats.roundTrip', value: t('call.stats.ms', { n: this.#number(Math.round(roundTripMs)) }) },
      { name: 'call.stats.lost', value: lost },
      {
        name: 'call.stats.picture',
        value:
          picture === null
            ? t('call.stats.noPicture')
            : t('call.stats.pictureIs', { size: `${width} × ${height}`, n: framesPerSecond, codec: codec ?? '' }),
      },
      {
        name: 'call.stats.sound',
        value: t('call.stats.soundIs', { codec: sound.codec, n: this.#number(sound.kbits), clear }),
      },
    ] as const satisfies readonly { name: Key; value: string }[];
  }

  #number(value: number): string {
    return new Intl.NumberFormat(this.#words.locale()).format(value);
  }

  #share(value: number): string {
    const format = { style: 'percent', maximumFractionDigits: 0 } as const;
    return new Intl.NumberFormat(this.#words.locale(), format).format(value);
  }
}
