import { computed, inject, Service } from '@angular/core';
import { Router } from '@angular/router';
import { Words } from '../../i18n/words';
import { NOBODY } from '../account/no-id';
import { type ConversationId, isGuest, type UserId } from '#protocol/ids';
import { Contacts } from '../contacts/contacts';
import { GuestCalls } from '../crypto/guest-calls';
import { Call } from './call';

/** The person at the other end of the present call, or of the last one. */
@Service()
export class Peer {
  readonly #call = inject(Call);
  readonly #contacts = inject(Contacts);
  readonly #guests = inject(GuestCalls);
  readonly #router = inject(Router);
  readonly #words = inject(Words);

  readonly #userId = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' ? (this.#call.held() ?? call.last)?.peerId : call.peerId;
  });
  readonly #contact = computed(() => {
    const userId = this.#userId();
    return userId === undefined ? undefined : this.#contacts.of(userId);
  });

  /** Enough of a person to draw: somebody whom the contact list does not know yet has no name. */
  readonly person = computed(() => this.personOf(this.#userId()));
  readonly name = computed(() => this.person().displayName);
  /** The direct conversation with them; undefined before there is one. */
  readonly conversation = computed(() => this.#contact()?.conversationId);

  conversationWith(userId: UserId): ConversationId | undefined {
    return this.#contacts.of(userId)?.conversationId;
  }

  /** Who somebody in another call of this page is. */
  personOf(userId: UserId | undefined) {
    const guest = userId === undefined ? undefined : this.#guests.people().get(userId);
    // Anybody can type a name: that of a guest is shown in quotes.
    if (guest !== undefined)
      return isGuest(guest.id)
        ? { ...guest, displayName: this.#words.t('call.quoted', { name: guest.displayName }) }
        : guest;
    const contact = userId === undefined ? undefined : this.#contacts.of(userId);
    return contact?.person ?? { id: userId ?? NOBODY, displayName: this.#words.t('call.somebody') };
  }

  /** Whether one of the two is a guest: nothing of such a call is kept, and nobody is verified by it. */
  readonly isGuest = computed(() => this.#guests.concerns(this.#userId() ?? NOBODY));

  /** Goes to that conversation. */
  openConversation(): void {
    const conversation = this.conversation();
    if (conversation !== undefined) void this.#router.navigate(['/chats', conversation]);
  }
}
