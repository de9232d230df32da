import { inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { SwUpdate } from '@angular/service-worker';
import { filter, map } from 'rxjs';

/** Whether a newer app has been fetched and waits for a reload, and the reload. Nobody is interrupted by it. */
@Injectable({ providedIn: 'root' })
export class NewVersion {
  readonly #updates = inject(SwUpdate);

  readonly waits = toSignal(
    this.#updates.versionUpdates.pipe(
      filter(event => event.type === 'VERSION_READY'),
      map(() => true),
    ),
    { initialValue: false },
  );

  constructor() {
    // The chunks of an app that has been replaced may be gone from the server: only a reload helps.
    this.#updates.unrecoverable.subscribe(() => location.reload());
  }

  async use(): Promise<void> {
    await this.#updates.activateUpdate();
    location.reload();
  }
}
