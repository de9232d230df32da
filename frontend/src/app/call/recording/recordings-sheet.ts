import { Component, inject, output } from '@angular/core';
import { Dates, duration } from '../../../i18n/dates';
import { laterWords } from '../../../i18n/later-words';
import { Confirm } from '../../look/confirm';
import { TransferWords } from '../files/transfer-words';
import { StageSheet } from '../stage-sheet';
import { type KeptRecording } from './kept-recording';
import { type Entry, Recordings } from './recordings';

/** The recordings that are on this device: each is saved somewhere, or deleted. */
@Component({
  selector: 'parley-recordings-sheet',
  imports: [StageSheet],
  styleUrl: './recording-sheets.css',
  template: `
    <parley-stage-sheet [title]="t('call.recording.title')" (closed)="closed.emit()">
      <p class="about">{{ t('call.recording.about') }}</p>
      <ul>
        @for (one of recordings.all(); track one.recording.id) {
          <li>
            <strong class="cut" dir="auto">{{ t('call.callWith', { name: one.recording.about.name }) }}</strong>
            <p>{{ facts(one.recording) }}</p>
            <p role="status" [class.bad]="one.state === 'failed'" [class.good]="one.state === 'saved'">
              {{ words(one) }}
            </p>
            <div class="answers">
              <button class="answer" [disabled]="one.state === 'saving'" (click)="remove(one)">
                {{ t('call.recording.delete') }}
              </button>
              <button class="answer main" [disabled]="one.state === 'saving'" (click)="recordings.save(one.recording)">
                {{ t('call.recording.save') }}
              </button>
            </div>
          </li>
        } @empty {
          <li class="empty" role="status">{{ t('call.recording.none') }}</li>
        }
      </ul>
    </parley-stage-sheet>
  `,
})
export class RecordingsSheet {
  readonly #dates = inject(Dates);
  readonly #sizes = inject(TransferWords);
  readonly #confirm = inject(Confirm);
  protected readonly recordings = inject(Recordings);
  protected readonly t = laterWords();

  readonly closed = output();

  /** When it was, how long and how large it is. */
  protected facts({ about, size }: KeptRecording): string {
    const { at, lasts } = about;
    const length = lasts === null ? this.t('call.recording.cutOff') : duration(lasts);
    return [`${this.#dates.day(at)}, ${this.#dates.time(at)}`, length, this.#sizes.size(size)].join(' · ');
  }

  protected words({ state, recording }: Entry): string {
    if (state === 'saving') return this.t('call.recording.saving');
    if (state === 'failed') return this.t('call.recording.notSaved');
    if (state === 'saved') return this.t('call.recording.saved');
    return recording.isOnDisk() ? '' : this.t('call.recording.inMemory');
  }

  protected async remove({ recording, state }: Entry): Promise<void> {
    const isSure =
      state === 'saved' ||
      (await this.#confirm.ask({
        title: this.t('call.recording.deleteTitle'),
        sentence: this.t('call.recording.deleteHint'),
        action: this.t('call.recording.delete'),
        danger: true,
      }));
    if (isSure) await this.recordings.discard(recording);
  }
}
