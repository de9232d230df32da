import { inject, Service } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { type ActivatedRouteSnapshot, NavigationEnd, Router } from '@angular/router';
import { filter, map, startWith } from 'rxjs';

const deepest = (route: ActivatedRouteSnapshot): ActivatedRouteSnapshot =>
  route.firstChild ? deepest(route.firstChild) : route;

/**
 * Whether the page that is open is a detail (a conversation, a person), which on a phone covers its list and the
 * navigation. Its route says so: `data: { detail: true }`.
 */
@Service()
export class OpenDetail {
  readonly #router = inject(Router);

  readonly open = toSignal(
    this.#router.events.pipe(
      filter(event => event instanceof NavigationEnd),
      startWith(undefined),
      map(() => deepest(this.#router.routerState.snapshot.root).data['detail'] === true),
    ),
    { initialValue: false },
  );
}
