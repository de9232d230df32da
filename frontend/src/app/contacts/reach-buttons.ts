import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Media } from '#protocol/call-frames';
import type { Contact } from '#protocol/api/contacts';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { CALL_STARTER } from './call-starter';

/** Write to somebody, call them, call them with a picture. */
@Component({
  selector: 'parley-reach-buttons',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, RouterLink],
  template: `
    @if (contact().conversationId; as conversation) {
      <a
        class="icon-button"
        [routerLink]="['/chats', conversation]"
        [attr.aria-label]="t('contacts.message', { name: name() })"
      >
        <parley-icon [svg]="icons.messageCircle" />
      </a>
    }
    @if (calls) {
      <button
        class="icon-button"
        type="button"
        [attr.aria-label]="t('contacts.call', { name: name() })"
        (click)="place('audio')"
      >
        <parley-icon [svg]="icons.phone" />
      </button>
      <button
        class="icon-button"
        type="button"
        [attr.aria-label]="t('contacts.video', { name: name() })"
        (click)="place('video')"
      >
        <parley-icon [svg]="icons.video" />
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
    }

    /* On the narrowest phones the name needs the room; the person's page has all three. */
    @media (width < 360px) {
      a {
        display: none;
      }
    }
  `,
})
export class ReachButtons {
  readonly contact = input.required<Contact>();

  protected readonly t = inject(Words).t;
  protected readonly calls = inject(CALL_STARTER, { optional: true });
  protected readonly icons = { messageCircle, phone, video };
  protected readonly name = computed(() => this.contact().person.displayName);

  protected place(media: Media): void {
    this.calls?.place(this.contact().person.id, media);
  }
}
