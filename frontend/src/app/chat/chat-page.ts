import { Component, computed, DestroyRef, effect, type ElementRef, inject, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import qrCode from 'lucide-static/icons/qr-code.svg';
import search from 'lucide-static/icons/search.svg';
import squarePen from 'lucide-static/icons/square-pen.svg';
import x from 'lucide-static/icons/x.svg';
import { Words } from '../../i18n/words';
import { NO_CONVERSATION } from '../account/no-id';
import { Contacts } from '../contacts/contacts';
import { KeysCard } from '../crypto/keys-card';
import { OwnKeys } from '../crypto/own-keys';
import { EmptyState } from '../look/empty-state';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { Panes } from '../look/panes';
import { RowList } from '../look/row-list';
import { ChatRow } from './chat-row';
import { ChatSearch } from './chat-search';
import { ChatSummaries } from './chat-summaries';
import { ChatSync } from './chat-sync';
import { ConversationStore } from './conversation-store';
import { FoundList } from './found-list';
import { InstallCard } from '../worker/install-card';
import { Notices } from './notices';
import { NotifyCard } from './notify-card';

/** The list of conversations, and beside it the one that is open. */
@Component({
  selector: 'parley-chat-page',
  imports: [
    ChatRow,
    EmptyState,
    FoundList,
    Icon,
    InstallCard,
    KeysCard,
    NotifyCard,
    PageHeader,
    Panes,
    RouterLink,
    RowList,
  ],
  templateUrl: './chat-page.html',
  styleUrl: './chat-page.css',
})
export class ChatPage {
  readonly #store = inject(ConversationStore);
  readonly #sync = inject(ChatSync);
  protected readonly t = inject(Words).t;
  protected readonly qrCode = qrCode;
  protected readonly search = search;
  protected readonly squarePen = squarePen;
  protected readonly x = x;
  protected readonly summaries = inject(ChatSummaries);
  protected readonly rows = this.summaries.order;
  readonly #notices = inject(Notices);
  /** One question at a time: first whether to be told of messages. */
  protected readonly isAsked = computed(() => this.#notices.permission() !== 'default' || this.#notices.declined());
  readonly #keys = inject(OwnKeys);
  /** Whether the card of keys has something to say: else it is not loaded. */
  protected readonly hasKeyNews = computed(
    () =>
      !['unknown', 'own'].includes(this.#keys.state()) ||
      this.#keys.owedCode() !== null ||
      this.#keys.restoring() !== null,
  );
  readonly #contacts = inject(Contacts);
  protected readonly finding = inject(ChatSearch);
  protected readonly isSearching = computed(() => this.finding.words().trim() !== '');
  protected readonly placeholder = computed(() => {
    const peer = this.#store.find(this.finding.within() ?? NO_CONVERSATION)?.peers[0];
    return peer ? this.t('chat.searchIn', { name: this.#contacts.asKnown(peer).displayName }) : this.t('chat.search');
  });
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  /** Nothing here yet, and nobody knows whether the server has something. */
  protected readonly isUnknown = computed(() => !this.#store.loaded() || !this.#sync.done());

  constructor() {
    effect(() => {
      if (this.finding.wanted() > 0) this.field().nativeElement.focus();
    });
    // A search begun in one visit does not wait for the next.
    inject(DestroyRef).onDestroy(() => this.finding.clear());
  }
}
