import { Component, computed, inject } from '@angular/core';
import { Words } from '../../i18n/words';
import { CallLog } from '../call-log/call-log';
import { ConversationStore } from './conversation-store';
import { Notices } from './notices';

/** Asks once, when there is something to be told of: after somebody else has written, or a call. */
@Component({
  selector: 'parley-notify-card',
  template: `
    @if (isDue()) {
      <div class="note">
        <p>{{ t('chat.notify.ask') }}</p>
        <div class="actions">
          <button type="button" class="button small text" (click)="notices.decline()">
            {{ t('chat.notify.later') }}
          </button>
          <button type="button" class="button small tonal" (click)="notices.ask()">{{ t('chat.notify.on') }}</button>
        </div>
      </div>
    }
  `,
  styles: `
    .note {
      margin: 8px 16px;
    }

    .actions {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
      margin-top: 8px;
    }
  `,
})
export class NotifyCard {
  protected readonly notices = inject(Notices);
  protected readonly t = inject(Words).t;
  readonly #store = inject(ConversationStore);
  readonly #calls = inject(CallLog);
  protected readonly isDue = computed(
    () =>
      this.notices.permission() === 'default' &&
      !this.notices.declined() &&
      (this.#calls.entries().length > 0 ||
        this.#store.list().some(({ last }) => last !== null && last.author.userId !== this.#store.me)),
  );
}
