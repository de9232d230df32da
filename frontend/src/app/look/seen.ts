import { Directive, effect, ElementRef, inject, InjectionToken, input, output } from '@angular/core';
import { isUncovered } from './in-view';

/** Something is seen once it has been in view this long without a break, ms. */
export const SEEN_AFTER = new InjectionToken('how long something is in view before it is seen', {
  providedIn: 'root',
  factory: () => 500,
});

/** Tells that its element was seen: on a visible page, with nothing over it, for long enough. */
@Directive({ selector: '[parleySeen]' })
export class Seen {
  /** Whether there is something to be seen; while there is not, nothing is looked at. */
  readonly parleySeen = input.required<boolean>();
  readonly seen = output();

  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const after = inject(SEEN_AFTER);
    effect(stop => {
      if (!this.parleySeen()) return;
      let times = 0;
      const look = (): void => {
        times = document.visibilityState === 'visible' && isUncovered(element, element) ? times + 1 : 0;
        // The first look only finds it there.
        if (times > 2) this.seen.emit();
      };
      // What covers it does not say when it goes.
      const timer = setInterval(look, after / 2);
      stop(() => clearInterval(timer));
    });
  }
}
