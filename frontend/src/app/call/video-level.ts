import { GOOD, type Score, WEAK } from './weather';

/** How much picture this end sends: sound comes first. */
export type VideoLevel = 'full' | 'smaller' | 'paused';

/** Looks in a row before less is sent, and before more is: going up too early brings the trouble back. */
const DOWN_AFTER = 2;
const UP_AFTER = 6;
/** A rise that is taken back within so many looks was too early: the next one waits twice as long, at most so long. */
const RELAPSE = 15;
const MOST_PATIENCE = 60;

/** `streak` counts the looks in a row that speak for less (below 0) or for more; `patience` is the streak a rise takes. */
export interface VideoState {
  readonly level: VideoLevel;
  readonly streak: number;
  readonly patience: number;
  /** Looks since the last rise; null where there was none. */
  readonly sinceRise: number | null;
}

export const FULL_VIDEO: VideoState = { level: 'full', streak: 0, patience: UP_AFTER, sinceRise: null };

const LESS: Record<VideoLevel, VideoLevel> = { full: 'smaller', smaller: 'paused', paused: 'paused' };
const MORE: Record<VideoLevel, VideoLevel> = { full: 'full', smaller: 'full', paused: 'smaller' };

/**
 * How much picture to send after one more look.
 *
 * A picture that is paused leaves the network to the sound, and the network looks good again however narrow it is. Only a
 * try tells, and each failed one costs sound: so tries become rare where they fail, and the picture does not flap.
 *
 * @param out how well what this end sends gets through
 */
export function nextVideo(state: VideoState, out: Score): VideoState {
  const sinceRise = state.sinceRise === null ? null : state.sinceRise + 1;
  if (out > GOOD && out < WEAK) return { ...state, streak: 0, sinceRise };
  const streak = out >= WEAK ? Math.min(state.streak, 0) - 1 : Math.max(state.streak, 0) + 1;
  if (streak <= -DOWN_AFTER) {
    const relapsed = sinceRise !== null && sinceRise <= RELAPSE;
    const patience = relapsed ? Math.min(state.patience * 2, MOST_PATIENCE) : state.patience;
    return { level: LESS[state.level], streak: 0, patience, sinceRise: null };
  }
  if (streak >= state.patience && state.level !== 'full')
    return { ...state, level: MORE[state.level], streak: 0, sinceRise: 0 };
  // It has held: the trouble is over, and the next one begins with a short wait.
  const held = sinceRise !== null && sinceRise > 2 * RELAPSE;
  return { ...state, streak, sinceRise: held ? null : sinceRise, patience: held ? UP_AFTER : state.patience };
}
