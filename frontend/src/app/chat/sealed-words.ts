import { Component, computed, inject, input } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { type Sealed } from '../crypto/opened';
import { OwnKeys } from '../crypto/own-keys';

/** The others are of what arrived damaged. */
const REASONS: Readonly<Partial<Record<Sealed, Key>>> = {
  unopened: 'keys.sealed.unopened',
  'no-key': 'keys.sealed.noKey',
  withheld: 'keys.sealed.withheld',
  'used-before': 'keys.sealed.misplaced',
  'other-purpose': 'keys.sealed.misplaced',
  'other-conversation': 'keys.sealed.misplaced',
  'other-entry': 'keys.sealed.misplaced',
  'target-elsewhere': 'keys.sealed.misplaced',
  'other-author': 'keys.sealed.notProved',
  'other-device': 'keys.sealed.notProved',
  'not-proved': 'keys.sealed.notProved',
  'author-changed': 'keys.sealed.authorChanged',
  newer: 'chat.newer',
  plain: 'keys.sealed.plain',
};

/** Why a message cannot be read here, and what will become of it. */
@Component({
  selector: 'parley-sealed-words',
  template: `{{ words() }}`,
})
export class SealedWords {
  readonly why = input.required<Sealed>();
  /** The other person's. */
  readonly name = input.required<string>();

  readonly #t = laterWords();
  readonly #keys = inject(OwnKeys).state;
  protected readonly words = computed(() => this.#t(this.#key(), { name: this.name() }));

  #key(): Key {
    const why = this.why();
    // With the key it is a matter of a moment.
    if (why === 'unopened' && this.#keys() === 'own') return 'chat.sealed.yet';
    return REASONS[why] ?? 'keys.sealed.damaged';
  }
}
