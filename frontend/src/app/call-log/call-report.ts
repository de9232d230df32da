import { type Outcome, type OutcomeReason } from '#protocol/call-client-state';
import { type CallId } from '#protocol/ids';
import { type Cause, WEATHER_WORDS, type WeatherWord } from './weather-words';

/** What happened in a call, as this device saw it. It is kept here and told to no one. */
export interface CallReport {
  readonly callId: CallId;
  /** When it ended, ms since the epoch. */
  readonly at: number;
  readonly relayed: boolean;
  /** For how long each word was true, ms. */
  readonly weather: Readonly<Partial<Record<WeatherWord, number>>>;
  /** For how long each was to blame, ms. */
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  /** For how long this end paused its picture, ms. */
  readonly pausedMs: number;
  /** How often the link was down, and the longest of these times, ms. */
  readonly gaps: number;
  readonly longestGapMs: number;
  readonly lastedMs: number;
  readonly end: OutcomeReason;
}

/** What is counted while a call lasts. `downSince`: on the page's clock; null while the link is up. */
export interface Tally extends Omit<CallReport, 'at' | 'lastedMs' | 'end'> {
  readonly downSince: number | null;
}

export const beginTally = (callId: CallId): Tally => ({
  callId,
  relayed: false,
  weather: {},
  causes: {},
  pausedMs: 0,
  gaps: 0,
  longestGapMs: 0,
  downSince: null,
});

/** What was seen of a link, and for how long it is taken to have been so. */
export interface Glance {
  readonly word: WeatherWord;
  readonly cause: Cause | null;
  readonly relayed: boolean;
  readonly paused: boolean;
  readonly forMs: number;
}

export function withGlance(tally: Tally, { word, cause, relayed, paused, forMs }: Glance): Tally {
  const { weather, causes, pausedMs } = tally;
  return {
    ...tally,
    relayed,
    weather: { ...weather, [word]: (weather[word] ?? 0) + forMs },
    causes: cause === null ? causes : { ...causes, [cause]: (causes[cause] ?? 0) + forMs },
    pausedMs: paused ? pausedMs + forMs : pausedMs,
  };
}

/** The link is up, or down, at a moment on the page's clock. */
export function withLink(tally: Tally, up: boolean, now: number): Tally {
  const { downSince, gaps, longestGapMs } = tally;
  if (up === (downSince === null)) return tally;
  if (!up) return { ...tally, downSince: now, gaps: gaps + 1 };
  return { ...tally, downSince: null, longestGapMs: Math.max(longestGapMs, now - (downSince ?? now)) };
}

/** @param at when the call ended, ms since the epoch */
export function reportOf(tally: Tally, { reason, connectedAt, endedAt }: Outcome, at: number): CallReport {
  const { downSince: _, ...counted } = withLink(tally, true, endedAt);
  return { ...counted, at, lastedMs: endedAt - (connectedAt ?? endedAt), end: reason };
}

/** The word that was true for the longest time; undefined where the call was too short for any. */
export const usualWeather = ({ weather }: CallReport): WeatherWord | undefined => longest(WEATHER_WORDS, weather);

/** For how long the connection was weak or worse, ms, and what was to blame most of that time. */
export function badWeather({ weather, causes }: CallReport): { readonly forMs: number; readonly cause: Cause } {
  const forMs = (weather.weak ?? 0) + (weather['very-weak'] ?? 0);
  return { forMs, cause: longest(['own', 'theirs', 'relay', 'unknown'] as const, causes) ?? 'unknown' };
}

function longest<T extends string>(names: readonly T[], times: Readonly<Partial<Record<T, number>>>): T | undefined {
  const timed = names.filter(name => (times[name] ?? 0) > 0);
  return timed.sort((one, other) => (times[other] ?? 0) - (times[one] ?? 0))[0];
}
