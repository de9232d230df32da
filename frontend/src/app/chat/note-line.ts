import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import info from 'lucide-static/icons/info.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import { Dates } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { Words } from '../../i18n/words';
import { TrustOf } from '../crypto/trust-of';
import { Icon } from '../look/icon';
import { type NoteRow } from './timeline';

/** A quiet line between messages: some have not arrived, or their author has another identity from here on. */
@Component({
  selector: 'parley-note-line',
  imports: [Icon, RouterLink],
  template: `
    <p>
      <parley-icon [svg]="row().says === 'identity' ? shieldAlert : info" />
      <span>
        {{ words() }}
        @if (compares()) {
          <a [routerLink]="['/contacts', row().person, 'verify']">{{ t('keys.identity.compare') }}</a>
        }
      </span>
    </p>
  `,
  styles: `
    :host {
      display: block;
    }

    p {
      display: flex;
      gap: 8px;
      justify-content: center;
      max-width: 26rem;
      margin: 12px auto 4px;
      padding-inline: 12px;
      color: var(--accent);
      font-size: 0.84375rem;
      line-height: 1.4;
    }

    parley-icon {
      --icon-size: 1.125rem;
      flex: none;
    }

    a {
      color: inherit;
      font-weight: 600;
    }
  `,
})
export class NoteLine {
  readonly row = input.required<NoteRow>();
  /** The other person's. */
  readonly name = input.required<string>();

  readonly #count = inject(Words).count;
  readonly #dates = inject(Dates);
  readonly #trust = inject(TrustOf);
  protected readonly t = laterWords();
  protected readonly shieldAlert = shieldAlert;
  protected readonly info = info;
  protected readonly words = computed(() => {
    const { says, own, count, at } = this.row();
    const name = this.name();
    if (says === 'identity') return this.t('notes.identity', { name, moment: this.#dates.moment(at) });
    return this.#count(own ? 'notes.own' : 'notes.missing', count, { name });
  });
  /** Who has compared with them since has nothing to do. */
  protected readonly compares = computed(
    () => this.row().says === 'identity' && this.#trust.of(this.row().person) !== 'verified',
  );
}
