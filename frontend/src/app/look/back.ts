import { Location } from '@angular/common';
import { Directive, inject, input, Service } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';

/** Under this name each entry of the browser's history keeps how many entries of the app lie behind it. */
const DEPTH = 'parleyDepth';

/** History state survives a reload (HTML, 7.4.1.1), so that an arrow still knows after one what lies behind. */
const depthOf = (state: unknown): number => {
  const depth = typeof state === 'object' && state !== null && DEPTH in state ? state[DEPTH] : undefined;
  return typeof depth === 'number' && Number.isSafeInteger(depth) && depth > 0 ? depth : 0;
};

/**
 * The app's own way back is the browser's: an arrow goes to the entry before this one and adds none. Where the app was
 * opened at this page there is none, and the page above it takes this one's place.
 */
@Service()
export class Back {
  readonly #router = inject(Router);
  readonly #location = inject(Location);
  /** Of the entry that was shown last; undefined before the first. */
  #depth: number | undefined;

  constructor() {
    this.#router.events.subscribe(event => {
      if (event instanceof NavigationEnd) this.#count();
    });
  }

  /** @param above the page that this one belongs to, e.g. `/chats` */
  async go(above: string): Promise<void> {
    if (depthOf(this.#location.getState()) > 0) return this.#location.back();
    await this.#router.navigateByUrl(above, { replaceUrl: true });
  }

  #count(): void {
    const state = this.#location.getState();
    const marked = typeof state === 'object' && state !== null && DEPTH in state;
    // An entry that was shown before, by the browser's buttons or a reload, keeps what it says.
    if (!marked) {
      const replaces = this.#router.lastSuccessfulNavigation()?.extras.replaceUrl === true;
      const depth = this.#depth === undefined ? 0 : this.#depth + (replaces ? 0 : 1);
      this.#location.replaceState(this.#location.path(true), '', { ...(state as object | null), [DEPTH]: depth });
    }
    this.#depth = depthOf(this.#location.getState());
  }
}

/**
 * An arrow that goes back: `<a parleyBack="/chats">`. It stays a link to the page above, which can be opened in another tab.
 */
@Directive({
  selector: 'a[parleyBack]',
  host: { '[attr.href]': 'above()', '(click)': 'go($event)' },
})
export class BackLink {
  /** Where it leads if nothing of the app lies behind this page. */
  readonly above = input.required<string>({ alias: 'parleyBack' });
  readonly #back = inject(Back);

  protected go(event: MouseEvent): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void this.#back.go(this.above());
  }
}
