/** How far a session that encrypts for a conversation has been used. */
export interface SessionUse {
  /** Entries encrypted with it. */
  readonly count: number;
  /** When it was made, ms since the epoch. */
  readonly since: number;
  /** When it was last used, ms since the epoch. */
  readonly last: number;
}

/** The library's own limits are 100 messages and a week; one that has passed them does not answer any more, so these come before. */
export const ROTATE_MESSAGES = 90;
export const ROTATE_MS = 6 * 86_400_000;

export type RotationReason = 'messages' | 'age' | 'clock';

/**
 * Whether a new session is due before the next entry is encrypted.
 * @param now ms since the epoch; a clock that went back makes the library's own age meaningless
 */
export function rotationDue({ count, since, last }: SessionUse, now: number): RotationReason | null {
  if (now < last || now < since) return 'clock';
  if (count >= ROTATE_MESSAGES) return 'messages';
  return now - since >= ROTATE_MS ? 'age' : null;
}
