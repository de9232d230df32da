import { inject, Service } from '@angular/core';
import type { UserId } from '#protocol/ids';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { Presence } from './presence';

/** "online", "in a call", "last seen 18:04"; '' where nothing is known. */
@Service()
export class PresenceWords {
  readonly #presence = inject(Presence);
  readonly #words = inject(Words);
  readonly #dates = inject(Dates);

  of(userId: UserId): string {
    const { state, lastSeen } = this.#presence.of(userId);
    if (state === 'online') return this.#words.t('contacts.online');
    if (state === 'in-call') return this.#words.t('contacts.inCall');
    return lastSeen === undefined ? '' : this.#words.t('contacts.lastSeen', { when: this.#dates.moment(lastSeen) });
  }
}
