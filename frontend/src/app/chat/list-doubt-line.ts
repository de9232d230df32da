import { Component, computed, input } from '@angular/core';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';

/** Says that the server has shown a list of devices that was refused: nothing is asked, for nothing went to those devices. */
@Component({
  selector: 'parley-list-doubt-line',
  imports: [Icon],
  host: { role: 'status' },
  template: `
    <parley-icon [svg]="shieldAlert" />
    <p>{{ words() }}</p>
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
      gap: 10px;
      align-items: center;
      padding: 8px 16px;
      background: var(--accent-container);
      color: var(--on-accent-container);
      font-size: 0.90625rem;
    }

    parley-icon {
      --icon-size: 1.25rem;
      flex: none;
    }
  `,
})
export class ListDoubtLine {
  /** Whose devices; null: one's own. */
  readonly name = input.required<string | null>();

  readonly #t = laterWords();
  protected readonly shieldAlert = shieldAlert;
  protected readonly words = computed(() => {
    const name = this.name();
    return name === null ? this.#t('keys.list.own') : this.#t('keys.list.theirs', { name });
  });
}
