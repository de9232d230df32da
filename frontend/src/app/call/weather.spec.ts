import { WEATHER_WORDS } from '../call-log/weather-words';
import { play, sampleAfter, type Seen, times } from './testing/link-trace';
import { lookAt, NO_WEATHER, nextWeather } from './weather';

const look = (seen: Seen) => lookAt(null, sampleAfter(null, seen));
const wordOf = (seen: Seen) => WEATHER_WORDS[look(seen).score];
const weather = (trace: readonly Seen[]) =>
  play(trace).map(({ weather: { score, cause } }) => `${WEATHER_WORDS[score]}${cause === null ? '' : ` ${cause}`}`);

describe('lookAt', () => {
  it('has five words for what gets lost, comes unevenly or comes late', () => {
    const words = [...WEATHER_WORDS];
    expect([0, 0.02, 0.05, 0.15, 0.4].map(lostThere => wordOf({ lostThere }))).toEqual(words);
    expect([0, 2, 5, 15, 40].map(lostHere => wordOf({ lostHere }))).toEqual(words);
    expect([5, 40, 80, 200, 400].map(jitterMs => wordOf({ jitterMs }))).toEqual(words);
    expect([5, 40, 80, 200, 400].map(jitterThereMs => wordOf({ jitterThereMs }))).toEqual(words);
    expect([20, 300, 500, 900, 2_000].map(roundTripMs => wordOf({ roundTripMs }))).toEqual(words);
    expect([null, 250_000, 150_000, 90_000, 40_000].map(sendRate => wordOf({ sendRate }))).toEqual(words);
  });

  it('blames the network of whoever sends what gets lost in one direction alone', () => {
    expect(look({ lostThere: 0.2 }).cause).toBe('own');
    expect(look({ jitterThereMs: 300 }).cause).toBe('own');
    expect(look({ lostHere: 20 }).cause).toBe('theirs');
    expect(look({ lostThere: 0.05, lostHere: 20 }).cause).toBe('theirs');
    expect(look({ sendRate: 90_000 }).cause).toBe('own');
  });

  it('takes a small allowance for no proof while what the peer sends, its reports too, is lost', () => {
    expect(look({ sendRate: 90_000, lostHere: 20 }).cause).toBe('theirs');
  });

  it('blames the relay, or no one, where both directions suffer alike', () => {
    expect(look({ lostThere: 0.2, lostHere: 20 }).cause).toBe('unknown');
    expect(look({ lostThere: 0.2, lostHere: 20, relayed: true }).cause).toBe('relay');
    expect(look({ roundTripMs: 900 }).cause).toBe('unknown');
    expect(look({ roundTripMs: 900, relayed: true }).cause).toBe('relay');
  });

  it('blames no one for a good link', () => {
    expect(look({ lostThere: 0.02, roundTripMs: 250 }).cause).toBeNull();
  });

  it('counts what was lost since the look before', () => {
    const before = sampleAfter(null, { lostHere: 50 });
    expect(lookAt(before, sampleAfter(before, {})).score).toBe(0);
  });
});

describe('nextWeather', () => {
  it('says the first look at once, a worse word after two looks and a better one after four', () => {
    const bad = { lostHere: 15 };
    expect(weather([bad])).toEqual(['weak theirs']);
    expect(weather([...times(2, {}), ...times(2, bad)]).slice(2)).toEqual(['very-good', 'weak theirs']);
    const better = weather([...times(2, bad), ...times(4, {})]).slice(2);
    expect(better).toEqual(['weak theirs', 'weak theirs', 'weak theirs', 'very-good']);
  });

  it('says the best of two bad looks and the worst of four good ones', () => {
    expect(weather([{}, { lostHere: 40 }, { lostHere: 5 }]).at(-1)).toBe('fair theirs');
    expect(weather([...times(2, { lostHere: 40 }), {}, { lostHere: 5 }, {}, {}]).at(-1)).toBe('fair theirs');
  });

  it('does not change its mind about the cause for one look', () => {
    const own = { lostThere: 0.2 };
    const theirs = { lostHere: 20 };
    expect(new Set(weather([...times(3, own), theirs, own, theirs, theirs, own]))).toEqual(new Set(['weak own']));
    expect(weather([...times(3, own), ...times(3, theirs)]).at(-1)).toBe('weak theirs');
  });

  it('forgets the cause with the trouble', () => {
    expect(weather([...times(3, { lostThere: 0.2 }), ...times(4, {})]).at(-1)).toBe('very-good');
    expect(nextWeather(NO_WEATHER, { score: 0, cause: null, out: 0 }).cause).toBeNull();
  });
});
