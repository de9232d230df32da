import { inject, InjectionToken, Service, signal } from '@angular/core';

/** What has to be kept before a reload has this long, in ms: a database that does not answer must not hold the page. */
const KEEPING_MS = 2_000;

/** Where the page is; another one in specs, which cannot leave theirs. */
export const PAGE = new InjectionToken<Pick<Location, 'href' | 'assign' | 'reload'>>('the page', {
  providedIn: 'root',
  factory: () => location,
});

/** Reloads without a loss: features that have something only in this page keep it first. */
@Service()
export class PageReload {
  readonly #page = inject(PAGE);
  readonly #keepers: (() => Promise<unknown>)[] = [];

  /** Whether something goes on that a reload would end: a call. Set from where that is known. */
  readonly held = signal(false);

  /** @param keep writes what is in memory alone to where the next page finds it */
  before(keep: () => Promise<unknown>): void {
    this.#keepers.push(keep);
  }

  /** @param address where to be afterwards; here, if not said */
  async to(address = this.#page.href): Promise<void> {
    const kept = Promise.allSettled(this.#keepers.map(keep => keep()));
    await Promise.race([kept, new Promise(resolve => setTimeout(resolve, KEEPING_MS))]);
    if (address === this.#page.href) this.#page.reload();
    else this.#page.assign(address);
  }
}
