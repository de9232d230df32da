import { DestroyRef, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent } from 'rxjs';
import { Words } from '../../i18n/words';
import { Toast } from './toast';

/** What takes files by itself. */
const TAKES_FILES = 'input[type=file]';

/**
 * A file dropped anywhere would replace the app with itself (HTML Standard, 6.11.5): the default is cancelled, and a sentence
 * says that files cannot be sent. Dropped text stays the field's business.
 */
@Service()
export class FileDrops {
  constructor() {
    const toast = inject(Toast);
    const { count } = inject(Words);
    const destroyed = inject(DestroyRef);
    const drops = (type: 'dragover' | 'drop') => fromEvent<DragEvent>(window, type).pipe(takeUntilDestroyed(destroyed));
    drops('dragover').subscribe(event => {
      if (holdsFiles(event)) event.preventDefault();
    });
    drops('drop').subscribe(event => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      toast.say(count('share.files', Math.max(1, event.dataTransfer?.files.length ?? 0)));
    });
  }
}

function holdsFiles({ dataTransfer, target, defaultPrevented }: DragEvent): boolean {
  if (defaultPrevented || (target instanceof Element && target.closest(TAKES_FILES))) return false;
  return dataTransfer?.types.includes('Files') ?? false;
}
