/** When a device is to be silent. */
export interface Quiet {
  /** Now, until this moment (ms since the epoch), or `until-off`; null: not now. */
  readonly now: number | 'until-off' | null;
  /** Every day from one minute (since the midnight of the device) to another, over midnight where the second comes first. */
  readonly hours: { readonly from: number; readonly to: number } | null;
}

export const NEVER_QUIET: Quiet = { now: null, hours: null };

/** Where the page leaves it for the worker, which shows notifications while no page is open. */
export const QUIET_CACHE = 'parley-quiet';
export const QUIET_PATH = '/quiet';

/** Reads what was kept; what cannot be read is never quiet. By hand: a schema would cost every start of the app a kilobyte. */
export function readQuiet(kept: unknown): Quiet {
  if (typeof kept !== 'object' || kept === null || !('now' in kept) || !('hours' in kept)) return NEVER_QUIET;
  const { now, hours } = kept;
  if (now !== null && now !== 'until-off' && typeof now !== 'number') return NEVER_QUIET;
  if (hours === null) return { now, hours };
  if (typeof hours !== 'object' || !('from' in hours) || !('to' in hours)) return NEVER_QUIET;
  const { from, to } = hours;
  return isMinute(from) && isMinute(to) ? { now, hours: { from, to } } : NEVER_QUIET;
}

const isMinute = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 24 * 60;

/** @param at in the time zone of the device */
export function isQuiet({ now, hours }: Quiet, at: Date): boolean {
  if (now === 'until-off' || (now !== null && at.getTime() < now)) return true;
  if (hours === null || hours.from === hours.to) return false;
  const minutes = at.getHours() * 60 + at.getMinutes();
  const isOver = hours.from < hours.to;
  return isOver ? minutes >= hours.from && minutes < hours.to : minutes >= hours.from || minutes < hours.to;
}
