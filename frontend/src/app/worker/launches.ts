import { inject, Service } from '@angular/core';
import { Router } from '@angular/router';

/** Web Application Launch, 3: newer than the library's types. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string }) => void): void;
}

const isQueue = (value: unknown): value is LaunchQueue =>
  typeof value === 'object' && value !== null && 'setConsumer' in value;

/**
 * An app that is open follows a shortcut or a link by its router (`focus-existing` in the manifest): a page load would end
 * a call.
 */
@Service()
export class Launches {
  readonly #router = inject(Router);

  constructor() {
    const queue: unknown = 'launchQueue' in window ? window.launchQueue : undefined;
    // The first launch is the one that has opened this page.
    let handled = location.href;
    if (isQueue(queue))
      queue.setConsumer(({ targetURL }) => {
        const before = handled;
        handled = '';
        if (targetURL !== undefined && targetURL !== before) this.follow(targetURL);
      });
  }

  /** @param address whole; another site's is not ours to open */
  follow(address: string): void {
    const { origin, pathname, search, hash } = new URL(address);
    if (origin === location.origin) void this.#router.navigateByUrl(pathname + search + hash);
  }
}
