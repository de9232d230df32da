import type { Event, EventOf, SharedEvent } from './event.ts';

/** Where an event is said; rooms that only say need no more. */
export type Events = Pick<EventHub, 'say'>;

/**
 * Says to the rooms of this process what has happened, in the order in which they asked to hear it, and hands what concerns
 * other processes to the one that can tell them. Synchronous: when `say` returns, every room has heard it.
 */
export class EventHub {
  readonly #listeners = new Map<Event['kind'], ((event: never) => void)[]>();
  #relay: ((event: SharedEvent) => void) | undefined;

  on<K extends Event['kind']>(kind: K, listener: (event: EventOf<K>) => void): void {
    const listeners = this.#listeners.get(kind) ?? [];
    listeners.push(listener);
    this.#listeners.set(kind, listeners);
  }

  /** It happened here. */
  say(event: Event): void {
    this.sayHere(event);
    if (isShared(event)) this.#relay?.(event);
  }

  /** It happened on another process, or every process finds it out by itself. */
  sayHere(event: Event): void {
    for (const listener of this.#listeners.get(event.kind) ?? []) (listener as (event: Event) => void)(event);
  }

  /** Who tells the other processes; after the rooms here have heard it. */
  relayTo(relay: (event: SharedEvent) => void): void {
    this.#relay = relay;
  }
}

const SHARED: Record<SharedEvent['kind'], true> = {
  deliver: true,
  'devices-removed': true,
  'settings-changed': true,
  'relation-changed': true,
  marked: true,
  retracted: true,
  'push-subscribed': true,
};
const isShared = (event: Event): event is SharedEvent => event.kind in SHARED;
