import { Component, computed, inject, input } from '@angular/core';
import { duration } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { badWeather, type CallReport, usualWeather } from './call-report';

/** Times below this are no trouble worth a sentence, ms. */
const WORTH_SAYING_MS = 4_000;

/** What happened in a call, in plain words. */
@Component({
  selector: 'parley-report-lines',
  template: `
    <ul>
      @for (line of lines(); track line) {
        <li>{{ line }}</li>
      }
    </ul>
    <p>{{ t('callLog.report.kept') }}</p>
  `,
  styles: `
    :host {
      display: block;
      padding: 8px 16px 16px 78px;
      font-size: 0.875rem;
      color: var(--on-surface-dim);
    }

    ul {
      display: grid;
      gap: 4px;
      margin: 0;
      padding-inline-start: 16px;
      list-style: disc;
    }

    p {
      margin-top: 8px;
      font-size: 0.8125rem;
    }
  `,
})
export class ReportLines {
  readonly report = input.required<CallReport>();
  readonly name = input.required<string>();
  protected readonly t = inject(Words).t;
  readonly #count = inject(Words).count;

  protected readonly lines = computed(() => {
    const report = this.report();
    const usual = usualWeather(report);
    return [
      this.t(report.relayed ? 'callLog.report.relayed' : 'callLog.report.direct'),
      ...(usual === undefined ? [] : [this.t('callLog.report.usual', { word: this.t(`call.weather.${usual}`) })]),
      ...this.#troubles(report),
      this.t(`call.ended.sentence.${report.end}`, { name: this.name(), time: duration(report.lastedMs) }),
    ];
  });

  #troubles(report: CallReport): string[] {
    const { forMs, cause } = badWeather(report);
    const { gaps, longestGapMs, pausedMs } = report;
    const name = this.name();
    const weak = forMs >= WORTH_SAYING_MS;
    const paused = pausedMs >= WORTH_SAYING_MS;
    return [
      ...(weak ? [this.t(`callLog.report.weak.${cause}`, { time: duration(forMs), name })] : []),
      ...(paused ? [this.t('callLog.report.paused', { time: duration(pausedMs), name })] : []),
      gaps === 0
        ? this.t('callLog.report.whole')
        : this.#count('callLog.report.gaps', gaps, { time: duration(longestGapMs) }),
    ];
  }
}
