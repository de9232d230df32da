import { effect, inject, untracked } from '@angular/core';
import { Words } from '../../../i18n/words';
import { Toast } from '../../look/toast';
import { CallView } from '../call-view';
import { Peer } from '../peer';
import { CallFiles } from './call-files';
import { TransferWords } from './transfer-words';

/** Says over whatever page is open that a file is offered, while the call is small; on the stage a notice says it. */
export function sayOffersWhileSmall(): void {
  const files = inject(CallFiles);
  const view = inject(CallView);
  const peer = inject(Peer);
  const sizes = inject(TransferWords);
  const toast = inject(Toast);
  const { t } = inject(Words);
  let known = 0;
  effect(() => {
    const asked = files.asked();
    const newest = asked.length > known ? asked.at(-1) : undefined;
    known = asked.length;
    if (newest === undefined || untracked(view.screen) !== 'small') return;
    const { name, size } = newest.file;
    untracked(() => toast.say(t('call.files.offers', { name: peer.name(), file: name, size: sizes.size(size) })));
  });
}
