import { type Cause, isWeak, WEATHER_WORDS } from '../call-log/weather-words';
import { type LinkSample } from './link-sample';
import { FULL_VIDEO, nextVideo, type VideoLevel, type VideoState } from './video-level';
import { FAIR, lookAt, NO_WEATHER, nextWeather, type Score, WEAK, type Weather, type WeatherState } from './weather';

/** What a person reads of a link. */
export interface Quality extends Weather {
  readonly relayed: boolean;
}

/** What is remembered from sample to sample. `lowered` is what was to blame when less picture was sent than should be. */
export interface QualityState {
  readonly sample: LinkSample | null;
  readonly quality: Quality | null;
  readonly weather: WeatherState;
  readonly video: VideoState;
  readonly lowered: Cause;
}

export const UNMEASURED: QualityState = {
  sample: null,
  quality: null,
  weather: NO_WEATHER,
  video: FULL_VIDEO,
  lowered: 'unknown',
};

/** The peer has paused the picture: that network is weak, however well the sound alone comes here. */
export const withPausedPeer = (quality: Quality): Quality =>
  isWeak(quality.word) ? quality : { ...quality, word: 'weak', cause: 'theirs' };

/** A network that does not carry the picture is no good one, however well the sound alone gets through. */
const AT_LEAST: Record<VideoLevel, Score> = { full: 0, smaller: FAIR, paused: WEAK };

/**
 * Judges a link from one look to the next.
 *
 * @param pictured whether this end has a picture to send: without one a lowered level says nothing
 * @returns the words, and how much picture to send from now on
 */
export function nextQuality(state: QualityState, sample: LinkSample, pictured: boolean): QualityState {
  const look = lookAt(state.sample, sample);
  const weather = nextWeather(state.weather, look);
  const video = nextVideo(state.video, look.out);
  const lowered = look.out >= WEAK && look.cause !== null ? look.cause : state.lowered;
  const least = pictured ? AT_LEAST[video.level] : 0;
  const score = Math.max(weather.score, least);
  const cause = score > weather.score ? lowered : weather.cause;
  const word = WEATHER_WORDS[score] ?? 'very-weak';
  return { sample, quality: { word, cause, relayed: sample.relayed }, weather, video, lowered };
}
