import { Component, computed, inject, input } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { type Person } from '#protocol/api/account';
import lock from 'lucide-static/icons/lock-keyhole.svg';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { isMissed } from '../call-log/call-entries';
import { callIcon } from '../call-log/call-icon';
import { CallPhrases } from '../call-log/call-phrases';
import { Avatar } from '../contacts/avatar';
import { Contacts } from '../contacts/contacts';
import { Icon } from '../look/icon';
import { STATE_ICONS } from './bubble';
import { type Summary } from './preview';

/** One line of text, and the sign before it. */
interface Line {
  readonly text: string;
  readonly icon?: string;
  /** What the sign says, for those who listen. */
  readonly said?: string;
  readonly tone?: 'primary' | 'bad' | 'read';
}

/** A conversation in the list. */
@Component({
  selector: 'parley-chat-row',
  imports: [Avatar, Icon, RouterLink, RouterLinkActive],
  template: `
    <a
      class="row"
      [routerLink]="['/chats', summary().conversation.id]"
      routerLinkActive="selected"
      ariaCurrentWhenActive="page"
    >
      @if (person(); as person) {
        <parley-avatar [person]="person" />
      }
      <span class="row-text">
        <span class="row-name">{{ person()?.displayName }}</span>
        <span class="row-line" [class.primary]="line().tone === 'primary'" [class.bad]="line().tone === 'bad'">
          @if (line().icon; as icon) {
            <parley-icon [class.read]="line().tone === 'read'" [svg]="icon" />
          }
          @if (line().said; as said) {
            <span class="unseen">{{ said }}: </span>
          }
          <span dir="auto">{{ line().text }}</span>
        </span>
      </span>
      <span class="row-end" [class.fresh]="summary().waiting > 0 || typing()">
        <time [attr.datetime]="iso()">{{ typing() ? t('app.now') : dates.stamp(summary().at) }}</time>
        @if (summary().waiting; as waiting) {
          <span class="badge" aria-hidden="true">{{ waiting }}</span>
          <span class="unseen">{{ count('chat.unread', waiting) }}</span>
        }
      </span>
    </a>
  `,
  styles: `
    parley-avatar {
      flex: none;
    }

    .read {
      color: var(--primary);
    }

    .row-end {
      align-self: flex-start;
      padding-top: 4px;
    }
  `,
})
export class ChatRow {
  readonly summary = input.required<Summary>();

  readonly #contacts = inject(Contacts);
  readonly #phrases = inject(CallPhrases);
  protected readonly t = inject(Words).t;
  protected readonly count = inject(Words).count;
  protected readonly dates = inject(Dates);
  protected readonly person = computed<Person | undefined>(() => {
    const peer = this.summary().conversation.peers[0];
    return peer && this.#contacts.asKnown(peer);
  });
  protected readonly typing = computed(() => this.summary().preview.kind === 'typing');
  protected readonly iso = computed(() => new Date(this.summary().at).toISOString());
  protected readonly line = computed(() => this.#line());

  #line(): Line {
    const { preview } = this.summary();
    switch (preview.kind) {
      case 'typing':
        return { text: this.t('chat.typing'), tone: 'primary' };
      case 'empty':
        return { text: this.t('chat.noMessages') };
      case 'draft':
        return { text: this.t('chat.draft', { text: preview.text }) };
      case 'sealed':
        return { text: this.t(`chat.sealed.${preview.why}`), icon: lock };
      case 'call': {
        const { entry } = preview;
        return { text: this.#phrases.of(entry), icon: callIcon(entry), ...(isMissed(entry) ? { tone: 'bad' } : {}) };
      }
      case 'message': {
        const text = preview.text ?? this.t('chat.newer');
        if (!preview.state) return { text };
        const tone = preview.state === 'failed' ? 'bad' : preview.state === 'read' ? 'read' : undefined;
        const sign = { icon: STATE_ICONS[preview.state], said: this.t(`chat.state.${preview.state}`) };
        return { text, ...sign, ...(tone ? { tone } : {}) };
      }
    }
  }
}
