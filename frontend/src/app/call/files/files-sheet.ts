import { Component, inject, output } from '@angular/core';
import paperclip from 'lucide-static/icons/paperclip.svg';
import pause from 'lucide-static/icons/pause.svg';
import play from 'lucide-static/icons/play.svg';
import x from 'lucide-static/icons/x.svg';
import { isOver, type Transfer } from '#protocol/direct/file-transfers';
import { laterWords } from '../../../i18n/later-words';
import { download } from '../../look/download';
import { Icon } from '../../look/icon';
import { StageSheet } from '../stage-sheet';
import { CallFiles } from './call-files';
import { TransferWords } from './transfer-words';

/** The files of a call: what is offered, what is on its way, what has arrived. A sheet over the stage. */
@Component({
  selector: 'parley-files-sheet',
  imports: [Icon, StageSheet],
  styleUrls: ['../more-sheet.css', './files-sheet.css'],
  template: `
    <parley-stage-sheet [title]="t('call.files.title')" (closed)="closed.emit()">
      <p class="about">{{ t('call.files.about') }}</p>
      <ul class="files">
        @for (one of files.all(); track one.file.id) {
          <li [attr.aria-label]="one.file.name">
            <span class="kind" aria-hidden="true">{{ ending(one) }}</span>
            <div class="words">
              <strong class="cut" dir="auto">{{ one.file.name }}</strong>
              <p role="status" [class.good]="one.phase.is === 'done'" [class.bad]="one.phase.is === 'failed'">
                {{ words.state(one, files.open()) }}
              </p>
            </div>
            @if (one.way === 'in' && one.phase.is === 'offered') {
              <div class="answers">
                <button class="answer" (click)="files.does('decline', one.file.id)">
                  {{ t('call.files.noThanks') }}
                </button>
                <button class="answer take" (click)="files.take(one.file)">{{ t('call.files.take') }}</button>
              </div>
            } @else if (!isOver(one)) {
              @if (one.phase.is === 'moving') {
                <button
                  class="icon-button"
                  (click)="files.does('pause', one.file.id)"
                  [attr.aria-label]="t('call.files.pause')"
                >
                  <parley-icon [svg]="icons.pause" />
                </button>
              } @else if (one.phase.is === 'paused' && one.phase.by === 'me') {
                <button
                  class="icon-button"
                  (click)="files.does('continue', one.file.id)"
                  [attr.aria-label]="t('call.files.continue')"
                >
                  <parley-icon [svg]="icons.play" />
                </button>
              }
              <button
                class="icon-button"
                (click)="files.does('cancel', one.file.id)"
                [attr.aria-label]="t('call.files.cancel')"
              >
                <parley-icon [svg]="icons.x" />
              </button>
              @if (one.phase.is !== 'offered') {
                <progress [value]="one.stored" [max]="one.file.size || 1" [attr.aria-label]="one.file.name"></progress>
              }
            } @else if (files.whole(one.file.id)) {
              <button class="answer" (click)="save(one)">{{ t('call.files.save') }}</button>
            }
          </li>
        }
      </ul>
      <input #picker type="file" multiple hidden (change)="offer(picker)" />
      <button class="answer send" [disabled]="!files.open()" (click)="picker.click()">
        <parley-icon [svg]="icons.paperclip" />{{ t('call.files.send') }}
      </button>
    </parley-stage-sheet>
  `,
})
export class FilesSheet {
  protected readonly files = inject(CallFiles);
  protected readonly words = inject(TransferWords);
  protected readonly t = laterWords();
  protected readonly icons = { paperclip, pause, play, x };
  protected readonly isOver = isOver;

  readonly closed = output();

  /** What the name ends with, as a small mark. */
  protected ending({ file }: Transfer): string {
    return (/\.([a-z0-9]{1,4})$/i.exec(file.name)?.[1] ?? this.t('call.files.kind')).toUpperCase();
  }

  protected offer(picker: HTMLInputElement): void {
    this.files.offer(picker.files ?? []);
    // The same file may be chosen once more.
    picker.value = '';
  }

  /** Into the browser's own downloads. */
  protected save({ file }: Transfer): void {
    const whole = this.files.whole(file.id);
    if (whole !== undefined) download(whole, file.name);
  }
}
