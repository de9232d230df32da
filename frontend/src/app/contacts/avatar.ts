import { Component, computed, inject, input } from '@angular/core';
import type { Person } from '#protocol/api/account';
import { gradientOf, initialsOf } from '../look/portrait';
import { Pictures } from './pictures';
import { Presence } from './presence';

/**
 * A person's portrait: their picture, else the letters of their name on colours of their own, and a dot while they are
 * there. The name stands beside it, so it says nothing to a screen reader. Its size is `--avatar-size`.
 */
@Component({
  selector: 'parley-avatar',
  host: { 'aria-hidden': 'true' },
  template: `
    @if (url(); as picture) {
      <img [src]="picture" alt="" draggable="false" />
    } @else {
      <span class="letters" [style.background-image]="background()">{{ letters() }}</span>
    }
    @if (here()) {
      <span class="dot"></span>
    }
  `,
  styleUrl: './avatar.css',
})
export class Avatar {
  readonly person = input.required<Pick<Person, 'id' | 'displayName' | 'avatar'>>();
  /** Whether the dot is drawn for somebody who is there. */
  readonly dot = input(true);

  readonly #pictures = inject(Pictures);
  readonly #presence = inject(Presence);

  protected readonly url = computed(() => this.#pictures.urlOf(this.person()));
  protected readonly letters = computed(() => initialsOf(this.person().displayName));
  protected readonly background = computed(() => `linear-gradient(160deg, ${gradientOf(this.person().id).join(', ')})`);
  protected readonly here = computed(() => this.dot() && this.#presence.of(this.person().id).state !== 'offline');
}
