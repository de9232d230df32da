import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { laterWords } from '../../i18n/later-words';
import { EmptyState } from './empty-state';
import mark from './mark.svg';

/** Where the button of each room leads. */
const WAYS = {
  chats: '/call-test',
  calls: '/call-test',
  contacts: '/contacts/add',
  settings: '/settings/about',
} as const;

/**
 * What stands in the detail's place on a wide screen while nothing is open: what will open there, and what one can do
 * meanwhile. The list beside it may be empty and says so itself.
 */
@Component({
  selector: 'parley-nothing-open',
  imports: [EmptyState, RouterLink],
  template: `
    <parley-empty-state [drawing]="mark" [title]="words().title" [sentence]="words().sentence">
      <a class="button tonal" [routerLink]="words().way">{{ words().act }}</a>
    </parley-empty-state>
  `,
})
export class NothingOpen {
  /** The room; its route says so: `data: { room: 'chats' }`. */
  readonly room = input.required<keyof typeof WAYS>();

  readonly #t = laterWords();
  protected readonly mark = mark;
  protected readonly words = computed(() => {
    const room = this.room();
    return {
      title: this.#t(`app.nothingOpen.${room}.title`),
      sentence: this.#t(`app.nothingOpen.${room}.sentence`),
      act: this.#t(`app.nothingOpen.${room}.act`),
      way: WAYS[room],
    };
  });
}
