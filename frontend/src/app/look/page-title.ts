import { computed, effect, inject, Service, signal } from '@angular/core';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';
import { isolate } from '#protocol/isolate';
import { type Key, Words } from '../../i18n/words';
import { Badges } from './badges';

/**
 * The window's title: what waits, the page, the app ("(3) Chats · Parley"). A route names its page by the key of a text;
 * a page about somebody puts their name in its place, and a ring shows its own words over everything while it lasts.
 */
@Service()
export class PageTitle extends TitleStrategy {
  readonly #words = inject(Words);
  readonly #badges = inject(Badges);
  readonly #page = signal<string | undefined>(undefined);
  readonly #name = signal('');

  /** What is shown instead of all else, e.g. who is ringing; '' for nothing. */
  readonly flash = signal('');

  readonly text = computed(() => {
    if (this.flash()) return this.flash();
    const page = this.#page();
    // Routes say their titles with `satisfies Key`; the router hands them on as text.
    const name = isolate(this.#name()) || (page ? this.#words.t(page as Key) : '');
    const waiting = this.#badges.total();
    return `${waiting > 0 ? `(${waiting}) ` : ''}${name ? `${name} · ` : ''}Parley`;
  });

  constructor() {
    super();
    effect(() => (document.title = this.text()));
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.#name.set('');
    this.#page.set(this.buildTitle(snapshot));
  }

  /** Shows a name in the place of the page's title until the next page. */
  showName(name: string): void {
    this.#name.set(name);
  }
}
