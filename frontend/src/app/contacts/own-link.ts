import { Component, computed, inject, input } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { HandedLink } from '../look/handed-link';
import { Signaling } from '../signaling/signaling';

/** The link by which others on this server find a person: to scan, to copy, to hand on. */
@Component({
  selector: 'parley-own-link',
  imports: [HandedLink],
  template: `
    <div class="card">
      <parley-handed-link [link]="link()" [label]="t('contacts.add.code')">
        <p class="dim">{{ t('contacts.add.ownHint') }}</p>
      </parley-handed-link>
    </div>
  `,
})
export class OwnLink {
  readonly username = input.required<string>();

  readonly #welcome = inject(Signaling).welcome;
  protected readonly t = laterWords();

  // The canonical origin comes first: this page's own may be a name that only this machine knows.
  readonly #origin = computed(() => this.#welcome()?.origins[0] ?? location.origin);
  protected readonly link = computed(() => `${this.#origin()}/add/${this.username()}`);
}
