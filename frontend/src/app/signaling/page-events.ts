import { distinctUntilChanged, filter, fromEvent, map, merge, NEVER, startWith, type Observable } from 'rxjs';

/** Whether a person can see this page, from now on; each value differs from the one before. */
export const visibility = (): Observable<boolean> =>
  fromEvent(document, 'visibilitychange').pipe(
    startWith(null),
    map(() => document.visibilityState === 'visible'),
    distinctUntilChanged(),
  );

/** Network Information API (WICG): Chromium only, and not in TypeScript's library. */
const networkChange = (): Observable<unknown> => {
  const connection: unknown = 'connection' in navigator ? navigator.connection : undefined;
  return connection instanceof EventTarget ? fromEvent(connection, 'change') : NEVER;
};

/** After each of these a socket may be dead without a word, and waiting for the next attempt makes no sense. */
export const wakes = (): Observable<unknown> =>
  merge(
    fromEvent(window, 'online'),
    networkChange(),
    fromEvent(document, 'visibilitychange').pipe(filter(() => document.visibilityState === 'visible')),
  );
