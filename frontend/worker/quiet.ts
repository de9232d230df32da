/** Somebody who is heard although the device is to be silent. */
export interface ClosePerson {
  readonly id: string;
  /** The conversation with them alone, whose messages are heard. */
  readonly conversationId?: string | undefined;
}

/** When a device is to be silent, and who comes through all the same. */
export interface Quiet {
  /** Now, until this moment (ms since the epoch), or `until-off`; null: not now. */
  readonly now: number | 'until-off' | null;
  /** Every day from one minute (since the midnight of the device) to another, over midnight where the second comes first. */
  readonly hours: { readonly from: number; readonly to: number } | null;
  readonly people: readonly ClosePerson[];
  /** Whether somebody who calls again within `AGAIN_MS` is heard. */
  readonly again: boolean;
}

export const NEVER_QUIET: Quiet = { now: null, hours: null, people: [], again: true };

/** Who calls a second time within this, ms, means it. */
export const AGAIN_MS = 3 * 60_000;

/** What is about to be heard. `callsAgain`: they have called within `AGAIN_MS`, and nobody came to it. */
export type Sound =
  { readonly conversationId: string } | { readonly callerId: string | undefined; readonly callsAgain: boolean };

/** Where the page leaves it for the worker, which shows notifications while no page is open. */
export const QUIET_CACHE = 'parley-quiet';
export const QUIET_PATH = '/quiet';

/** Reads what was kept; what cannot be read is never quiet. By hand: a schema would cost every start of the app a kilobyte. */
export function readQuiet(kept: unknown): Quiet {
  if (typeof kept !== 'object' || kept === null || !('now' in kept) || !('hours' in kept)) return NEVER_QUIET;
  const { now, hours } = kept;
  if (now !== null && now !== 'until-off' && typeof now !== 'number') return NEVER_QUIET;
  const through = {
    people: 'people' in kept && Array.isArray(kept.people) ? kept.people.filter(isClosePerson) : [],
    again: !('again' in kept && kept.again === false),
  };
  if (hours === null) return { now, hours, ...through };
  if (typeof hours !== 'object' || !('from' in hours) || !('to' in hours)) return NEVER_QUIET;
  const { from, to } = hours;
  return isMinute(from) && isMinute(to) ? { now, hours: { from, to }, ...through } : NEVER_QUIET;
}

const isMinute = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 24 * 60;

const isClosePerson = (value: unknown): value is ClosePerson =>
  typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';

/** @param at in the time zone of the device */
export function isQuiet({ now, hours }: Quiet, at: Date): boolean {
  if (now === 'until-off' || (now !== null && at.getTime() < now)) return true;
  if (hours === null || hours.from === hours.to) return false;
  const minutes = at.getHours() * 60 + at.getMinutes();
  const isOver = hours.from < hours.to;
  return isOver ? minutes >= hours.from && minutes < hours.to : minutes >= hours.from || minutes < hours.to;
}

/**
 * Whether something is to be shown without a sound.
 * @param at in the time zone of the device
 * @param sound undefined: nobody has made it
 */
export const isSilenced = (quiet: Quiet, at: Date, sound?: Sound): boolean =>
  isQuiet(quiet, at) && !(sound && comesThrough(quiet, sound));

function comesThrough({ people, again }: Quiet, sound: Sound): boolean {
  if ('conversationId' in sound) return people.some(({ conversationId }) => conversationId === sound.conversationId);
  return (again && sound.callsAgain) || people.some(({ id }) => id === sound.callerId);
}
