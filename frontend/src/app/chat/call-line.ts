import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { type CallEntry } from '#protocol/api/calls';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { outcomeOf } from '../call-log/call-entries';
import { callIcon } from '../call-log/call-icon';
import { Icon } from '../look/icon';

/** A call between the messages: what became of it, when, and calling back where one missed it. */
@Component({
  selector: 'parley-call-line',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <div class="line" [class.missed]="outcome() === 'missed'">
      <parley-icon [svg]="icon()" />
      <span
        ><strong>{{ t(words()) }}</strong
        >&ngsp;<time [attr.datetime]="iso()">{{ dates.time(entry().at) }}</time></span
      >
      @if (canCall()) {
        <button type="button" class="button small plain" (click)="call.emit()">
          {{ t(outcome() === 'missed' ? 'callLog.back' : 'callLog.again') }}
        </button>
      }
    </div>
  `,
  styles: `
    :host {
      display: flex;
      justify-content: center;
      padding: 14px 0 3px;
    }

    .line {
      display: flex;
      align-items: center;
      gap: 10px;
      max-width: 100%;
      min-height: 42px;
      padding: 4px 6px 4px 14px;
      border-radius: 21px;
      background: var(--surface-mid);
      font-size: 14.5px;
    }

    span {
      padding-inline-end: 8px;
    }

    strong {
      font-weight: 600;
    }

    time {
      color: var(--on-surface-dim);
    }

    parley-icon {
      --icon-size: 18px;
      flex: none;
      color: var(--on-surface-dim);
    }

    .missed parley-icon {
      color: var(--bad);
    }

    .button {
      flex: none;
    }
  `,
})
export class CallLine {
  readonly entry = input.required<CallEntry>();
  readonly canCall = input(false);
  readonly call = output();

  protected readonly t = inject(Words).t;
  protected readonly dates = inject(Dates);
  protected readonly outcome = computed(() => outcomeOf(this.entry()));
  protected readonly words = computed(() => `callLog.${this.entry().media}.${this.outcome()}` as const);
  protected readonly icon = computed(() => callIcon(this.entry()));
  protected readonly iso = computed(() => new Date(this.entry().at).toISOString());
}
