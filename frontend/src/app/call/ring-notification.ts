import { inject, Service } from '@angular/core';
import { type CallId } from '#protocol/ids';
import { tagOfCall } from '../../../worker/call-tag';
import { Words } from '../../i18n/words';
import { BrowserPush } from '../push/browser-push';

const LOOKS = { icon: 'icons/mark-192.png', badge: 'icons/mark-192.png' };

/**
 * The notification of a ring that a page out of sight shows, where the person has allowed any. It is the worker's, like a
 * pushed one, because Android knows no other and none of a page has buttons; without a worker it is the page's own.
 */
@Service()
export class RingNotification {
  readonly #browser = inject(BrowserPush);
  readonly #words = inject(Words);

  /**
   * @param title who is calling
   * @param silent whether it is to make no sound
   * @returns what takes it away
   */
  show(callId: CallId, title: string, silent: boolean): () => void {
    if (!('Notification' in window) || Notification.permission !== 'granted') return () => undefined;
    let own: Notification | undefined;
    let over = false;
    const options = { ...LOOKS, tag: tagOfCall(callId), requireInteraction: true, silent };
    void this.#browser.show(title, { ...options, ...this.#answers(callId) }).then(shown => {
      if (over) this.#takeAway(callId);
      else if (!shown) own = ownNotification(title, options);
    });
    return () => {
      over = true;
      own?.close();
      this.#takeAway(callId);
    };
  }

  /** No token, unlike in a pushed one: the page that rings declines by itself (notification-taps.ts). */
  #answers(callId: CallId) {
    const actions = [
      { action: 'accept', title: this.#words.t('call.accept') },
      { action: 'decline', title: this.#words.t('call.decline') },
    ];
    return { data: { type: 'ring', callId, decline: '' }, actions };
  }

  #takeAway(callId: CallId): void {
    void this.#browser.closeWhere(facts => facts.type === 'ring' && facts.callId === callId);
  }
}

/** A touch brings the page to the front. */
function ownNotification(title: string, options: NotificationOptions): Notification | undefined {
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    return notification;
  } catch {
    return undefined; // Android, whose worker is not there yet: it is heard and felt.
  }
}
