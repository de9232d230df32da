import { Component, computed, inject, input } from '@angular/core';
import type { Contact } from '#protocol/api/contacts';
import { Words } from '../../i18n/words';
import { Avatar } from './avatar';
import { ContactAction } from './contact-action';

/** Somebody who asks to be a contact, with the two answers; or somebody who was asked, with the way to take it back. */
@Component({
  selector: 'parley-request-row',
  imports: [Avatar],
  template: `
    <div class="row">
      <parley-avatar [person]="person()" [dot]="false" />
      <div class="row-text">
        <span class="row-name">{{ person().displayName }}</span>
        <span class="row-line">{{ '@' + person().username }}</span>
      </div>
      <div class="row-actions">
        @if (contact().state === 'incoming') {
          <button
            class="button text small"
            type="button"
            [disabled]="busy()"
            (click)="action.run(person().id, 'decline')"
          >
            {{ t('contacts.decline') }}<span class="unseen"> {{ person().displayName }}</span>
          </button>
          <button class="button small" type="button" [disabled]="busy()" (click)="action.run(person().id, 'accept')">
            {{ t('contacts.accept') }}<span class="unseen"> {{ person().displayName }}</span>
          </button>
        } @else {
          <button
            class="button text small"
            type="button"
            [disabled]="busy()"
            (click)="action.run(person().id, 'remove')"
          >
            {{ t('contacts.withdraw') }}<span class="unseen"> {{ person().displayName }}</span>
          </button>
        }
      </div>
    </div>
  `,
})
export class RequestRow {
  readonly contact = input.required<Contact>();

  protected readonly t = inject(Words).t;
  protected readonly action = inject(ContactAction);
  protected readonly person = computed(() => this.contact().person);
  protected readonly busy = computed(() => this.action.isBusy(this.person().id));
}
