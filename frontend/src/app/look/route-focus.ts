import { DestroyRef, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router } from '@angular/router';
import { filter, skip } from 'rxjs';

/**
 * Puts the focus where attention goes after a change of page, as a browser does when it loads one: on what the new page
 * marks with `data-focus`, else on its title. A field that already took the focus keeps it.
 */
@Service()
export class RouteFocus {
  constructor() {
    const opened = inject(Router).events.pipe(
      filter(event => event instanceof NavigationEnd),
      skip(1),
      takeUntilDestroyed(inject(DestroyRef)),
    );
    opened.subscribe(() => requestAnimationFrame(() => moveFocus(document)));
  }
}

/** Boxes are there for what is drawn; `checkVisibility` is newer than the oldest browsers that are served. */
const isDrawn = (element: Element): boolean => element.getClientRects().length > 0;

/** Moves the focus to where attention goes on the page that is shown. */
export function moveFocus(page: Document): void {
  const active = page.activeElement;
  if (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) return;
  const targets = [...page.querySelectorAll<HTMLElement>('[data-focus], h1[tabindex]')].filter(isDrawn);
  // The last in the page is the innermost: the detail beside its list.
  const target = targets.findLast(shown => 'focus' in shown.dataset) ?? targets.at(-1);
  target?.focus({ preventScroll: true });
}
