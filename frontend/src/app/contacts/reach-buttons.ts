import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Contact } from '#protocol/api/contacts';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { CallButtons } from './call-buttons';

/** Write to somebody, call them, call them with a picture. */
@Component({
  selector: 'parley-reach-buttons',
  imports: [CallButtons, Icon, RouterLink],
  template: `
    @if (contact().conversationId; as conversation) {
      <a
        class="icon-button"
        [routerLink]="['/chats', conversation]"
        [attr.aria-label]="t('contacts.message', { name: name() })"
      >
        <parley-icon [svg]="messageCircle" />
      </a>
    }
    <parley-call-buttons [person]="contact().person" />
  `,
  styles: `
    :host {
      display: flex;
    }

    /* On the narrowest phones the name needs the room; the person's page has all three. */
    @media (width < 22.5em) {
      a {
        display: none;
      }
    }
  `,
})
export class ReachButtons {
  readonly contact = input.required<Contact>();

  protected readonly t = inject(Words).t;
  protected readonly messageCircle = messageCircle;
  protected readonly name = computed(() => this.contact().person.displayName);
}
