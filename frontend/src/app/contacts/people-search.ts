import { inject, Injectable, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { type Person, person } from '#protocol/api/account';
import { page } from '#protocol/api/page';
import { isEnoughToSearch } from '#protocol/search-text';
import { concat, delay, of, switchMap } from 'rxjs';
import { Api } from '../account/api';
import type { Failure } from '../account/fetch-json';

/** After the last key, in ms. */
const QUIET_MS = 300;

export type SearchState =
  | { readonly is: 'short' | 'asking' }
  | { readonly is: 'found'; readonly people: readonly Person[] }
  | { readonly is: 'failed'; readonly failure: Failure };

const people = page(person);

/** Looks for people on this server while somebody types. One for each page. */
@Injectable()
export class PeopleSearch {
  readonly #api = inject(Api);
  readonly typed = signal('');

  readonly state = toSignal(
    toObservable(this.typed).pipe(
      switchMap(typed => {
        const sought = typed.trim();
        if (!isEnoughToSearch(sought)) return of<SearchState>({ is: 'short' });
        const asked = of(sought).pipe(
          delay(QUIET_MS),
          switchMap(name => this.#ask(name)),
        );
        return concat(of<SearchState>({ is: 'asking' }), asked);
      }),
    ),
    { initialValue: { is: 'short' } satisfies SearchState },
  );

  async #ask(name: string): Promise<SearchState> {
    const outcome = await this.#api.request('GET', `/api/users?search=${encodeURIComponent(name)}`, { answer: people });
    return outcome.ok ? { is: 'found', people: outcome.value.items } : { is: 'failed', failure: outcome.error };
  }
}
