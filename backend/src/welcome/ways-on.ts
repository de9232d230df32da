import type { Origins } from '../http/origins.ts';

/** Where a page's device may reach the app. */
export type WaysOn = {
  /** What it asks, best first: the canonical origin, the one by which the page was called, an address. */
  readonly ask: readonly string[];
  /** Where it certainly gets an answer: by the name or address it has just used. */
  readonly certain: string;
};

const nameOf = (origin: string): string => new URL(origin).hostname;

/** @param host the `Host` by which the page was called: a known one */
export function waysOn(origins: Pick<Origins, 'all' | 'reachable' | 'byAddress'>, host: string): WaysOn {
  const secure = origins.all().filter(origin => origin.startsWith('https://'));
  const called = URL.parse(`http://${host}`)?.hostname;
  const same = secure.find(origin => nameOf(origin) === called);
  const [best] = origins.reachable().filter(origin => origin.startsWith('https://'));
  const ask = [best, same, origins.byAddress()].filter(origin => origin !== undefined);
  return { ask: [...new Set(ask)], certain: same ?? best ?? secure[0] ?? '' };
}
