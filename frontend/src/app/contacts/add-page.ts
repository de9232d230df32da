import { Component, computed, inject, input, type OnInit } from '@angular/core';
import { RouterLink } from '@angular/router';
import key from 'lucide-static/icons/key-round.svg';
import search from 'lucide-static/icons/search.svg';
import ticket from 'lucide-static/icons/ticket.svg';
import { laterWords } from '../../i18n/later-words';
import { Account } from '../account/account';
import { FailureWords } from '../account/failure-words';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { Avatar } from './avatar';
import { ContactAction } from './contact-action';
import { Contacts } from './contacts';
import { OwnLink } from './own-link';
import { PeopleSearch } from './people-search';

/** Finds people on this server by name, and shows the link by which others find this person. */
@Component({
  selector: 'parley-add-page',
  imports: [Avatar, Icon, OwnLink, PageHeader, RouterLink],
  providers: [PeopleSearch],
  templateUrl: './add-page.html',
  styleUrl: './add-page.css',
})
export class AddPage implements OnInit {
  readonly #failureWords = inject(FailureWords);
  readonly #account = inject(Account);
  protected readonly contacts = inject(Contacts);
  protected readonly action = inject(ContactAction);
  protected readonly search = inject(PeopleSearch);
  protected readonly t = laterWords();
  protected readonly icons = { key, search, ticket };

  /** A username from somebody's link (`/add/<username>`), looked for at once. */
  readonly name = input<string>();

  protected readonly me = this.#account.me;
  protected readonly found = computed(() => {
    const state = this.search.state();
    return state.is === 'found' ? state.people.filter(one => one.id !== this.me()?.id) : undefined;
  });
  protected readonly failure = computed(() => {
    const state = this.search.state();
    return state.is === 'failed' ? this.#failureWords.say(state.failure) : '';
  });

  ngOnInit(): void {
    const name = this.name();
    if (name) this.search.typed.set(name);
  }

  protected typed(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.search.typed.set(event.target.value);
  }
}
