import { OFFLINE_ANNOUNCE_MS, VISIBLE_GRACE_MS } from '#protocol/limits';
import type { PresenceState } from '#protocol/session-frames';

/** What is true of one person now. Times are of one clock that never goes back, in ms. */
export type Facts = {
  /** Whether they have a seat in a call. */
  readonly seat: boolean;
  /** The page behind each live socket: visible, or hidden since then. */
  readonly pages: readonly { readonly visible: boolean; readonly hiddenAt: number }[];
};

/**
 * ```
 *              page visible            seat
 *   offline ────────────────► online ◄──────► in-call
 *      ▲                        │                │
 *      └── 10 s later ── leaving ◄── no page for a minute, or no socket
 * ```
 * What the contacts of one person were told, and since when it is no longer true: who comes back in time never left.
 */
export type Person = { readonly told: PresenceState; readonly leftAt: number | null };

export const OFFLINE: Person = { told: 'offline', leftAt: null };

/** Of somebody of whom no page and no seat is known. */
const NOTHING: Facts = { seat: false, pages: [] };

/**
 * Looks at a person again.
 * @returns what is told from now on, and when to look next, or null when only new facts can change it.
 */
export function look(person: Person, facts: Facts, now: number): [Person, lookAt: number | null] {
  const lastsUntil = presentUntil(facts);
  if (facts.seat) return [{ told: 'in-call', leftAt: null }, null];
  if (lastsUntil > now) return [{ told: 'online', leftAt: null }, lastsUntil === Infinity ? null : lastsUntil];
  if (person.told === 'offline') return [OFFLINE, null];
  const leftAt = person.leftAt ?? (lastsUntil === -Infinity ? now : Math.min(now, lastsUntil));
  const announceAt = leftAt + OFFLINE_ANNOUNCE_MS;
  return announceAt <= now ? [OFFLINE, null] : [{ told: person.told, leftAt }, announceAt];
}

/**
 * A person as somebody sees them who may see them no more: as one who left at that moment, or before, and stays away.
 * @returns as `look` does
 */
export const lookAway = (person: Person, now: number): [Person, lookAt: number | null] => look(person, NOTHING, now);

/** Until when the pages alone keep a person online; Infinity while one is visible. */
function presentUntil({ pages }: Facts): number {
  return pages.reduce(
    (until, page) => Math.max(until, page.visible ? Infinity : page.hiddenAt + VISIBLE_GRACE_MS),
    -Infinity,
  );
}
