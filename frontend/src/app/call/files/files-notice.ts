import { Component, computed, inject } from '@angular/core';
import paperclip from 'lucide-static/icons/paperclip.svg';
import { laterWords } from '../../../i18n/later-words';
import { Words } from '../../../i18n/words';
import { Icon } from '../../look/icon';
import { Peer } from '../peer';
import { StagePanels } from '../stage-panels';
import { CallFiles } from './call-files';
import { TransferWords } from './transfer-words';

/** On the stage while a file is offered that nobody has answered: it leads to the files of the call. */
@Component({
  selector: 'parley-files-notice',
  imports: [Icon],
  host: { role: 'status' },
  template: `
    @if (asked(); as words) {
      <button class="notice" (click)="panels.open.set('files')"><parley-icon [svg]="paperclip" />{{ words }}</button>
    }
  `,
  styles: `
    .notice {
      display: inline-flex;
      align-items: center;
      gap: 10px;
      min-height: var(--target);
      padding: 8px 18px;
      border: 0;
      border-radius: 22px;
      background: #7fdac7;
      color: #06352d;
      font-weight: 600;
      text-align: start;
      overflow-wrap: anywhere;
      cursor: pointer;
    }

    .notice:hover {
      background: #9be6d6;
    }
  `,
})
export class FilesNotice {
  readonly #files = inject(CallFiles);
  readonly #peer = inject(Peer);
  readonly #sizes = inject(TransferWords);
  readonly #t = laterWords();
  readonly #words = inject(Words);
  protected readonly panels = inject(StagePanels);
  protected readonly paperclip = paperclip;

  protected readonly asked = computed(() => {
    const [first, ...more] = this.#files.asked();
    if (first === undefined) return null;
    const name = this.#peer.name();
    if (more.length > 0) return this.#words.count('call.files.offersMany', more.length + 1, { name });
    const { file } = first;
    return this.#t('call.files.offers', { name, file: file.name, size: this.#sizes.size(file.size) });
  });
}
