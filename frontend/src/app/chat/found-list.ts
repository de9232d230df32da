import { Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { type Person } from '#protocol/api/account';
import { type ConversationId } from '#protocol/ids';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { NO_CONVERSATION } from '../account/no-id';
import { Avatar } from '../contacts/avatar';
import { findContacts } from '../contacts/contact-list';
import { Contacts } from '../contacts/contacts';
import { type Entry } from './conversation';
import { ConversationStore } from './conversation-store';
import { MessageSearch } from './message-search';

/** What a search finds: people one knows, and messages this device keeps. */
@Component({
  selector: 'parley-found-list',
  imports: [Avatar, RouterLink],
  template: `
    @if (people().length > 0) {
      <h2 class="group">{{ t('chat.people') }}</h2>
      @for (contact of people(); track contact.person.id) {
        <a
          class="row"
          [routerLink]="contact.conversationId ? ['/chats', contact.conversationId] : ['/contacts', contact.person.id]"
        >
          <parley-avatar [person]="contact.person" />
          <span class="row-text"
            ><span class="row-name">{{ contact.person.displayName }}</span></span
          >
        </a>
      }
    }
    @if (found().length > 0) {
      <h2 class="group">{{ heading() }}</h2>
      @for (one of found(); track one.message.conversationId + one.message.seq) {
        <a class="row" [routerLink]="['/chats', one.message.conversationId]" [queryParams]="{ seq: one.message.seq }">
          @if (personOf(one.message); as person) {
            <parley-avatar [person]="person" />
            <span class="row-text">
              <span class="row-name">{{ person.displayName }}</span>
              <span class="row-line" dir="auto">{{ lineOf(one) }}</span>
            </span>
          }
          <span class="row-end"
            ><time>{{ dates.stamp(one.message.at) }}</time></span
          >
        </a>
      }
    }
    <p class="nothing" role="status">
      @if (isNothing()) {
        {{ t('chat.nothingFound', { words: words() }) }}
      }
    </p>
  `,
  styles: `
    :host {
      display: block;
    }

    .group {
      padding-inline: 12px;
    }

    .nothing {
      padding: 24px;
      color: var(--on-surface-dim);
      text-align: center;
    }
  `,
})
export class FoundList {
  readonly words = input.required<string>();
  /** The conversation that is searched; undefined for people and every message. */
  readonly within = input<ConversationId>();

  readonly #search = inject(MessageSearch);
  readonly #contacts = inject(Contacts);
  readonly #store = inject(ConversationStore);
  protected readonly t = inject(Words).t;
  protected readonly dates = inject(Dates);
  readonly #messages = rxResource({
    params: () => ({ words: this.words(), within: this.within() }),
    stream: ({ params }) => this.#search.find(params.words, params.within),
  });
  protected readonly found = computed(() => (this.#messages.hasValue() ? this.#messages.value() : []));
  protected readonly people = computed(() =>
    this.within() === undefined ? findContacts(this.#contacts.list().accepted, this.words()) : [],
  );
  /** Says which conversation was searched, where it was one alone. */
  protected readonly heading = computed(() => {
    const peer = this.#store.find(this.within() ?? NO_CONVERSATION)?.peers[0];
    return peer ? this.t('chat.history', { name: this.#contacts.asKnown(peer).displayName }) : this.t('chat.messages');
  });
  protected readonly isNothing = computed(
    () => !this.#messages.isLoading() && this.people().length + this.found().length === 0,
  );

  protected personOf(message: Entry): Person | undefined {
    const peer = this.#store.find(message.conversationId)?.peers[0];
    return peer && this.#contacts.asKnown(peer);
  }

  protected lineOf({ message, excerpt }: { message: Entry; excerpt: string }): string {
    return message.author.userId === this.#store.me ? this.t('chat.you', { text: excerpt }) : excerpt;
  }
}
