/** How often something may be done: `burst` times at once, and again once every `everyMs`. */
export type Pace = { readonly everyMs: number; readonly burst: number };

/** Frames of one session; a resume that sends a full outbox again stays below the burst. */
export const FRAME_PACE: Pace = { everyMs: 5, burst: 2_000 };
/** Posts of one session, an offline evening's worth at once. */
export const POST_PACE: Pace = { everyMs: 20, burst: 1_000 };
/** Calls one session places. */
export const INVITE_PACE: Pace = { everyMs: 2_000, burst: 30 };
/** "Is writing" of one session; what comes faster is dropped. */
export const TYPING_PACE: Pace = { everyMs: 1_000, burst: 3 };

/**
 * A token bucket in one number (GCRA, as ATM Forum TM 4.0 calls it): `due` is when the bucket would be full again, 0 at
 * first. Answers with the next `due`, or null when it is too early.
 */
export function paced(due: number, now: number, { everyMs, burst }: Pace): number | null {
  const next = Math.max(due, now) + everyMs;
  return next - now > everyMs * burst ? null : next;
}
