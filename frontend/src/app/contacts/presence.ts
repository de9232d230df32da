import { computed, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { UserId } from '#protocol/ids';
import type { ServerFrame } from '#protocol/messages';
import type { PersonPresence } from '#protocol/session-frames';
import { Signaling } from '../signaling/signaling';

type Known = ReadonlyMap<UserId, PersonPresence>;

/**
 * Every welcome names all contacts who are not offline; a `presence` changes one. When somebody was last seen is kept
 * over a welcome, which says only that they are not there.
 */
export function nextPresence(known: Known, frame: ServerFrame): Known {
  if (frame.type === 'presence') {
    const { userId, state, lastSeen } = frame;
    return new Map(known).set(userId, { userId, state, ...(lastSeen === undefined ? {} : { lastSeen }) });
  }
  if (frame.type !== 'welcome') return known;
  const away = [...known.values()].map(({ userId, lastSeen }): PersonPresence => {
    return { userId, state: 'offline', ...(lastSeen === undefined ? {} : { lastSeen }) };
  });
  return new Map([...away, ...frame.presence].map(one => [one.userId, one]));
}

/** Who is there. Without a connection nobody is, as far as this device knows. */
@Service()
export class Presence {
  readonly #signaling = inject(Signaling);
  readonly #known = signal<Known>(new Map());
  readonly #live = computed(() => this.#signaling.status().is === 'live');

  constructor() {
    this.#signaling.frames
      .pipe(takeUntilDestroyed())
      .subscribe(frame => this.#known.update(known => nextPresence(known, frame)));
  }

  of(userId: UserId): PersonPresence {
    const known = this.#known().get(userId);
    if (this.#live() && known) return known;
    return { userId, state: 'offline', ...(known?.lastSeen === undefined ? {} : { lastSeen: known.lastSeen }) };
  }
}
