import { Component, computed, inject, input, output } from '@angular/core';
import { type CallEntry } from '#protocol/api/calls';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { isMissed } from '../call-log/call-entries';
import { callIcon } from '../call-log/call-icon';
import { CallPhrases } from '../call-log/call-phrases';
import { Icon } from '../look/icon';

/** Calls between the messages, in a quiet line: what became of them, when, and calling back where one missed them. */
@Component({
  selector: 'parley-call-line',
  imports: [Icon],
  host: { '[class.missed]': 'missed()' },
  template: `
    <div class="line">
      <parley-icon [svg]="icon()" />
      <span class="words">
        @if (!missed()) {
          <span class="unseen">{{ t(direction()) }}: </span>
        }
        <span class="what">{{ phrase() }}</span>&ngsp;<time [attr.datetime]="iso()">{{ when() }}</time>
      </span>
      @if (missed() && canCall()) {
        <button type="button" class="button small plain" (click)="call.emit()">{{ t('callLog.back') }}</button>
      }
    </div>
  `,
  styles: `
    :host {
      display: flex;
      justify-content: center;
      padding: 8px 0 2px;
    }

    .line {
      display: flex;
      align-items: center;
      gap: 8px;
      max-width: 100%;
      color: var(--on-surface-dim);
      font-size: 0.84375rem;
      font-variant-numeric: tabular-nums;
    }

    :host(.missed) .line {
      padding-inline: 14px 6px;
      border-radius: 22px;
      background: var(--surface-mid);
    }

    .words {
      padding-inline-end: 8px;
      text-wrap: balance;
    }

    :host(.missed) .what {
      color: var(--on-surface);
      font-weight: 600;
    }

    time {
      white-space: nowrap;
    }

    parley-icon {
      --icon-size: 1rem;
      flex: none;
    }

    :host(.missed) parley-icon {
      color: var(--bad);
    }

    .button {
      flex: none;
      min-height: var(--target);
      padding-inline: 10px;
      color: var(--primary);
    }
  `,
})
export class CallLine {
  readonly entries = input.required<readonly [CallEntry, ...CallEntry[]]>();
  readonly canCall = input(false);
  readonly call = output();

  protected readonly t = inject(Words).t;
  readonly #dates = inject(Dates);
  readonly #phrases = inject(CallPhrases);
  readonly #last = computed(() => this.entries().at(-1) ?? this.entries()[0]);
  protected readonly missed = computed(() => isMissed(this.#last()));
  protected readonly phrase = computed(() => this.#phrases.ofRun(this.entries()));
  protected readonly icon = computed(() => callIcon(this.#last()));
  protected readonly direction = computed(() => `callLog.direction.${this.#last().direction}` as const);
  protected readonly iso = computed(() => new Date(this.#last().at).toISOString());
  protected readonly when = computed(() => {
    const time = this.#dates.time(this.#last().at);
    return this.entries().length === 1 ? time : `· ${this.t('callLog.last', { time })}`;
  });
}
