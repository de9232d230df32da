import { InjectionToken, signal, type Type, type WritableSignal } from '@angular/core';

/**
 * A slot that the app fills: what every page shows right under its header (the line that says there is no connection).
 * The look knows nothing about connections.
 */
export const UNDER_HEADER = new InjectionToken<WritableSignal<Type<unknown> | undefined>>('under header', {
  providedIn: 'root',
  factory: () => signal<Type<unknown> | undefined>(undefined),
});
