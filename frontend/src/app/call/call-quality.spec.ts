import { nextQuality, type QualityState, UNMEASURED, withPausedPeer } from './call-quality';
import { CLEAR, play, sampleAfter, type Seen, times } from './testing/link-trace';

/** What the last look of a trace makes a person read. */
const last = (trace: readonly Seen[]) => play(trace).at(-1)?.quality;

/** How often a value changes over time. */
const changes = (values: readonly unknown[]) => values.filter((value, at) => at > 0 && value !== values[at - 1]).length;

/** Looks at a way out of this width, bit/s, that carries what the picture's level asks for as far as it goes. */
function through(width: number, looks: number): QualityState[] {
  const wanted = { full: 1_500_000, smaller: 250_000, paused: 40_000 };
  const states: QualityState[] = [];
  for (let at = 0; at < looks; at++) {
    const state = states.at(-1) ?? UNMEASURED;
    const bits = wanted[state.video.level];
    const limited = state.video.level !== 'paused' && bits > width;
    const seen = { lostThere: Math.max(0, 1 - width / bits), sendRate: limited ? width : null };
    states.push(nextQuality(state, sampleAfter(state.sample, seen), true));
  }
  return states;
}

describe('nextQuality', () => {
  it('calls a link very good that loses nothing, and says whether it is relayed', () => {
    expect(last([{}])).toEqual({ word: 'very-good', cause: null, relayed: false });
    expect(last([{ relayed: true }])?.relayed).toBeTrue();
  });

  it('sends a smaller picture after two bad looks, none after two more, and brings it back slowly', () => {
    const levels = (trace: readonly Seen[]) => play(trace).map(({ video }) => video.level);
    const bad = { lostThere: 0.2 };
    expect(levels(times(4, bad))).toEqual(['full', 'smaller', 'smaller', 'paused']);
    const back = levels([...times(4, bad), ...times(12, {})]).slice(4);
    expect(back.indexOf('smaller')).toBe(5);
    expect(back.indexOf('full')).toBe(11);
  });

  it('is not moved by one bad look between good ones', () => {
    const states = play(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? {} : { lostThere: 0.3, lostHere: 30 })));
    expect(new Set(states.map(({ video }) => video.level))).toEqual(new Set(['full']));
    expect(new Set(states.map(({ quality }) => quality?.word))).toEqual(new Set(['very-good']));
  });

  it('does not flap where the network stays too narrow: the tries to send more become rare', () => {
    const levels = through(100_000, 300).map(({ video }) => video.level);
    expect(levels.filter(level => level === 'paused').length).toBeGreaterThan(270);
    expect(changes(levels)).toBeLessThan(20);
    expect(changes(levels.slice(150))).toBeLessThan(7);
    const between = through(400_000, 300).map(({ video }) => video.level);
    expect(new Set(between.slice(3))).toEqual(new Set(['smaller', 'full']));
    expect(changes(between.slice(150))).toBeLessThan(7);
  });

  it('waits no longer than at first once a picture that came back has held', () => {
    const trouble = times(4, { lostThere: 0.2 });
    const first = play([...trouble, ...times(6, {}), ...trouble, ...times(12, {}), ...times(60, {})]).at(-1);
    expect(first?.video).toEqual(jasmine.objectContaining({ level: 'full', patience: 6 }));
  });

  it('says that the network is weak while it carries no picture, and which one it was', () => {
    const states = play([...times(4, { lostThere: 0.2 }), ...times(5, {})]);
    expect(states.at(-1)?.video.level).toBe('paused');
    expect(states.at(-1)?.quality).toEqual({ word: 'weak', cause: 'own', relayed: false });
    expect(play(times(12, {}), states.at(-1)).at(-1)?.quality).toEqual(jasmine.objectContaining({ cause: null }));
  });

  it('says that the peer’s network is weak where the peer has paused the picture, and keeps what is worse', () => {
    const good = { word: 'good', cause: null, relayed: true } as const;
    expect(withPausedPeer(good)).toEqual({ word: 'weak', cause: 'theirs', relayed: true });
    const worse = { word: 'very-weak', cause: 'relay', relayed: true } as const;
    expect(withPausedPeer(worse)).toBe(worse);
  });

  it('says nothing of a picture that nobody sends', () => {
    let state = play(times(4, { lostThere: 0.2 })).at(-1) ?? UNMEASURED;
    for (let look = 0; look < 5; look++) state = nextQuality(state, sampleAfter(state.sample, CLEAR), false);
    expect([state.video.level, state.quality?.word]).toEqual(['paused', 'very-good']);
  });
});
