import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import search from 'lucide-static/icons/search.svg';
import userPlus from 'lucide-static/icons/user-plus.svg';
import { laterWords } from '../../i18n/later-words';
import { EmptyState } from '../look/empty-state';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { Panes } from '../look/panes';
import { RowList } from '../look/row-list';
import { Avatar } from './avatar';
import { findContacts } from './contact-list';
import { Contacts } from './contacts';
import { PresenceWords } from './presence-words';
import { ReachButtons } from './reach-buttons';
import { RequestRow } from './request-row';

/** Everybody this person knows: who asks, who was asked, and the contacts by name. */
@Component({
  selector: 'parley-contacts-page',
  imports: [
    Avatar,
    EmptyState,
    Icon,
    PageHeader,
    Panes,
    ReachButtons,
    RequestRow,
    RouterLink,
    RouterLinkActive,
    RowList,
  ],
  templateUrl: './contacts-page.html',
  styleUrl: './contacts-page.css',
})
export class ContactsPage {
  protected readonly contacts = inject(Contacts);
  protected readonly presence = inject(PresenceWords);
  protected readonly t = laterWords();
  protected readonly icons = { search, userPlus };

  protected readonly sought = signal('');
  protected readonly found = computed(() =>
    findContacts(this.contacts.list().accepted, this.sought()).map(({ person }) => person.id),
  );
  protected readonly isEmpty = computed(() => {
    const { accepted, incoming, requested, blocked } = this.contacts.list();
    return accepted.length + incoming.length + requested.length + blocked.length === 0;
  });

  protected typed(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.sought.set(event.target.value);
  }
}
