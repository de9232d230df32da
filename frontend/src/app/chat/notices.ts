import { DestroyRef, effect, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import { textOf } from '#protocol/content/kinds';
import { type ConversationId } from '#protocol/ids';
import { Words } from '../../i18n/words';
import { Account } from '../account/account';
import { Contacts } from '../contacts/contacts';
import { remember, remembered } from '../device/remembered';
import { BrowserPush } from '../push/browser-push';
import { Push } from '../push/push';
import { type Entry, isEntry, isRetracted } from './conversation';
import { ConversationStore, type Arrival } from './conversation-store';
import { beginningOf } from './message-text';
import { insteadOfWords } from './preview';

/** Most of a message that a notification shows, UTF-16 code units: more than any system draws. */
const LONGEST_BODY = 200;

/** A notification, and the message in it. */
interface Shown {
  readonly notification: Notification;
  readonly seq: number;
}

const permissionNow = (): NotificationPermission => ('Notification' in window ? Notification.permission : 'denied');

/** Tells of new messages while this page is not in sight (Notifications API), where the person has allowed it. */
@Service()
export class Notices {
  readonly #store = inject(ConversationStore);
  readonly #contacts = inject(Contacts);
  readonly #words = inject(Words);
  readonly #router = inject(Router);
  readonly #browser = inject(BrowserPush);
  readonly #push = inject(Push);
  readonly #shown = new Map<ConversationId, Shown>();
  readonly #permission = signal(permissionNow());
  /** "Not now" is remembered until the person leaves the device. */
  readonly #declined = signal(remembered('parley.notices') === 'no');

  readonly permission = this.#permission.asReadonly();
  readonly declined = this.#declined.asReadonly();

  constructor() {
    this.#store.arrivals.pipe(takeUntilDestroyed()).subscribe(arrival => this.#arrived(arrival));
    // What was read, here or on another device, is no news any more.
    effect(() => {
      for (const [id, shown] of this.#shown) if (this.#store.find(id)?.unread === 0) this.#close(id, shown);
      const read = new Set<string>(this.#store.list().flatMap(({ id, unread }) => (unread === 0 ? id : [])));
      void this.#browser.closeWhere(({ conversationId }) => conversationId !== undefined && read.has(conversationId));
    });
    const closeAll = () => this.#shown.forEach(({ notification }) => notification.close());
    inject(DestroyRef).onDestroy(closeAll);
    inject(Account).beforeLeaving(async () => closeAll());
  }

  /** Asks the browser, and turns push on where it can be; called by a person's click. */
  async ask(): Promise<void> {
    await this.#push.turnOn();
    this.#permission.set(permissionNow());
  }

  decline(): void {
    remember('parley.notices', 'no');
    this.#declined.set(true);
  }

  #arrived({ conversationId, messages, live }: Arrival): void {
    const gone = messages.filter(isRetracted).map(({ seq }) => seq);
    if (gone.length > 0) this.#takeBack(conversationId, gone);
    const [message] = messages;
    if (!live || !message || !isEntry(message) || message.author.userId === this.#store.me) return;
    if (document.visibilityState === 'visible' || permissionNow() !== 'granted') return;
    this.#show(message);
  }

  /** What was retracted is not to be read in a notification. */
  #takeBack(id: ConversationId, gone: readonly number[]): void {
    const shown = this.#shown.get(id);
    if (shown && gone.includes(shown.seq)) this.#close(id, shown);
    void this.#browser.closeWhere(facts => {
      return facts.conversationId === id && facts.seq !== undefined && gone.includes(facts.seq);
    });
  }

  #show(message: Entry): void {
    const { conversationId, seq, author, content } = message;
    const name = this.#contacts.person(author.userId)?.displayName ?? this.#words.t('chat.newMessage');
    const body = beginningOf(textOf(content) ?? this.#words.t(insteadOfWords(message)), LONGEST_BODY);
    try {
      const notification = new Notification(name, { body, tag: conversationId, icon: 'icons/mark-192.png' });
      const shown = { notification, seq };
      notification.onclick = () => {
        window.focus();
        void this.#router.navigate(['/chats', conversationId]);
        this.#close(conversationId, shown);
      };
      this.#shown.set(conversationId, shown);
    } catch {
      // Chrome on Android knows notifications of service workers only.
      void this.#browser.show(name, {
        body,
        tag: conversationId,
        icon: 'icons/mark-192.png',
        data: { type: 'message', conversationId, seq },
      });
    }
  }

  #close(id: ConversationId, shown: Shown): void {
    shown.notification.close();
    this.#shown.delete(id);
  }
}
