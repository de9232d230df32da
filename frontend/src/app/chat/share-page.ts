import { Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { type ConversationId } from '#protocol/ids';
import { forgetShare, type Share, waitingShare } from '../../../worker/share-box';
import { laterWords } from '../../i18n/later-words';
import { Words } from '../../i18n/words';
import { Avatar } from '../contacts/avatar';
import { Contacts } from '../contacts/contacts';
import { EmptyState } from '../look/empty-state';
import { PageHeader } from '../look/page-header';
import { Toast } from '../look/toast';
import { ChatLink } from './chat-link';
import { fittingPart } from './composer-room';
import { ChatSummaries } from './chat-summaries';
import { Drafts } from './drafts';

const NOTHING: Share = { text: '', files: [] };

/** Where a share of another app arrives: whom to send it to. It becomes a draft, which a person still sends. */
@Component({
  selector: 'parley-share-page',
  imports: [Avatar, EmptyState, PageHeader, RouterLink],
  templateUrl: './share-page.html',
  styleUrl: './share-page.css',
})
export class SharePage {
  readonly #contacts = inject(Contacts);
  readonly #drafts = inject(Drafts);
  readonly #link = inject(ChatLink);
  readonly #router = inject(Router);
  readonly #toast = inject(Toast);
  readonly #summaries = inject(ChatSummaries);
  protected readonly t = laterWords();
  protected readonly count = inject(Words).count;

  /** Undefined until the box was looked into. */
  protected readonly share = signal<Share | undefined>(undefined);
  /** Whether it was lost because this device keeps nothing. */
  protected readonly isUnkept = signal(false);
  protected readonly none = computed(() => {
    if (this.isUnkept()) return 'unkept';
    return (this.share()?.files.length ?? 0) > 0 ? 'later' : 'nothing';
  });
  /** Those who can be written to, latest first. */
  protected readonly people = computed(() =>
    this.#summaries.list().flatMap(({ conversation: { id, peers } }) => {
      const peer = peers[0];
      const isContact = peer && (this.#contacts.stateOf(peer.id) === 'accepted' || this.#contacts.status() !== 'ready');
      return isContact ? [{ id, person: this.#contacts.asKnown(peer) }] : [];
    }),
  );

  constructor() {
    const isKept = inject(ActivatedRoute).snapshot.queryParamMap.get('kept') !== 'no';
    void (isKept ? waitingShare() : Promise.reject(new Error('not kept'))).then(
      share => this.share.set(share ?? NOTHING),
      () => {
        this.isUnkept.set(true);
        this.share.set(NOTHING);
      },
    );
    // A page that is loaded again, or that asks to sign in first, still has it: only a person who goes to another page drops it.
    inject(DestroyRef).onDestroy(() => void forgetShare().catch(() => undefined));
  }

  /** Adds it to what is being written there already. */
  protected async choose(id: ConversationId, text: string): Promise<void> {
    await this.#link.start();
    const draft = this.#drafts.of(id).trimEnd();
    const before = draft ? `${draft}\n` : '';
    const fitting = fittingPart(before, text);
    this.#drafts.set(id, before + fitting);
    if (fitting.length < text.length) this.#toast.say(this.t('share.cut'));
    await this.#router.navigate(['/chats', id], { replaceUrl: true });
  }
}
