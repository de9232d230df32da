import { type Cause, type WeatherWord } from '../call-log/weather-words';
import { type LinkSample } from './link-sample';

export interface Weather {
  readonly word: WeatherWord;
  readonly cause: Cause | null;
}

/** A word as its place in `WEATHER_WORDS`: 0 is the best, 4 the worst. */
export type Score = number;
export const [GOOD, FAIR, WEAK, WORST] = [1, 2, 3, 4] as const;

/** One look at a link. `out` is how well what this end sends gets through, by itself. */
export interface Look {
  readonly score: Score;
  readonly cause: Cause | null;
  readonly out: Score;
}

/** From which value on it is no longer very good, good, fair, weak. */
type Steps = readonly [number, number, number, number];
const LOST: Steps = [0.01, 0.04, 0.1, 0.25];
const JITTER_MS: Steps = [30, 60, 120, 250];
const ROUND_TRIP_MS: Steps = [200, 400, 800, 1_500];
/** The other way round: less is worse. */
const SEND_RATE = [300_000, 200_000, 100_000, 50_000] as const;

const scoreOf = (value: number, steps: Steps): Score => steps.filter(step => value >= step).length;

/** How well what this end sends arrives, by what the peer reports of it. */
const arriving = ({ lostThere, jitterThereMs }: LinkSample): Score =>
  Math.max(scoreOf(lostThere, LOST), scoreOf(jitterThereMs, JITTER_MS));

/** How much this end may send. */
const allowed = ({ sendRate }: LinkSample): Score =>
  sendRate === null ? 0 : SEND_RATE.filter(step => sendRate < step).length;

/** How well what the peer sends arrives, between two looks. */
function receiving(before: LinkSample | null, { packetsReceived, packetsLost, jitterMs }: LinkSample): Score {
  const received = Math.max(0, packetsReceived - (before?.packetsReceived ?? 0));
  const lost = Math.max(0, packetsLost - (before?.packetsLost ?? 0));
  if (received + lost === 0) return 0;
  return Math.max(scoreOf(lost / (received + lost), LOST), scoreOf(jitterMs, JITTER_MS));
}

/** Judges what has happened between two samples, without regard to what was before. */
export function lookAt(before: LinkSample | null, sample: LinkSample): Look {
  const there = arriving(sample);
  const here = receiving(before, sample);
  const limit = allowed(sample);
  const late = scoreOf(sample.roundTripMs, ROUND_TRIP_MS);
  const out = Math.max(there, limit);
  const score = Math.max(out, here, late);
  return { score, out, cause: score > GOOD ? causeOf({ there, here, limit, late, relayed: sample.relayed }) : null };
}

/**
 * Homes and phones send by a narrower way than they receive by. So what gets lost in one direction alone is taken to be lost
 * at its sender's, and both ends, who see the same two directions, blame the same network. Where both directions suffer
 * alike no statistic tells which end it is: it is the relay where there is one.
 */
function causeOf(seen: Readonly<Record<'there' | 'here' | 'limit' | 'late', Score> & { relayed: boolean }>): Cause {
  const { there, here, limit, late, relayed } = seen;
  if (here !== there) return here > there ? 'theirs' : 'own';
  // The limit is reckoned from the peer's reports, which are lost with the rest of what the peer sends: it is a proof only
  // while those arrive.
  if (here <= GOOD && limit > late) return 'own';
  return relayed ? 'relay' : 'unknown';
}

/** Looks in a row that speak for a worse word, for a better one, and for another cause, before it is said. */
const WORSE_AFTER = 2;
const BETTER_AFTER = 4;
const OTHER_CAUSE_AFTER = 3;

/** What is said, and the last looks, oldest first. */
export interface WeatherState {
  readonly score: Score;
  readonly cause: Cause | null;
  readonly looks: readonly Look[];
}

export const NO_WEATHER: WeatherState = { score: 0, cause: null, looks: [] };

/**
 * Says a worse word after 4 s, a better one after 8 s, never one for a single look: the best of the bad looks, the worst of
 * the good ones. The first look is said at once.
 */
export function nextWeather(state: WeatherState, look: Look): WeatherState {
  const looks = [...state.looks, look].slice(-BETTER_AFTER);
  if (state.looks.length === 0) return { score: look.score, cause: look.cause, looks };
  const lately = (count: number) => (looks.length < count ? [] : looks.slice(-count).map(({ score }) => score));
  const [worse, better] = [lately(WORSE_AFTER), lately(BETTER_AFTER)];
  let { score } = state;
  if (worse.length > 0 && worse.every(seen => seen > score)) score = Math.min(...worse);
  else if (better.length > 0 && better.every(seen => seen < score)) score = Math.max(...better);
  return { score, cause: score > GOOD ? nextCause(state, looks) : null, looks };
}

function nextCause({ cause }: WeatherState, looks: readonly Look[]): Cause | null {
  const latest = looks.at(-1)?.cause ?? null;
  if (cause === null) return latest ?? looks.findLast(look => look.cause !== null)?.cause ?? 'unknown';
  const last = looks.slice(-OTHER_CAUSE_AFTER);
  const agreed = last.length === OTHER_CAUSE_AFTER && last.every(look => look.cause === latest);
  return agreed && latest !== null ? latest : cause;
}
