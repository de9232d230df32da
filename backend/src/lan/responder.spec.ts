import {
  afterEvent,
  begin,
  TTL,
  type Ours,
  type Responder,
  type ResponderEffect,
  type ResponderEvent,
} from './responder.ts';

const ours: Ours = { told: ['192.168.1.20', 'fd00::2'], all: ['192.168.1.20', 'fd00::2', '10.0.0.9'] };
const other = { type: 'A', address: '192.168.1.99', ttl: TTL } as const;
const ask = { type: 'asked', wants: ['A'], known: [], isLegacy: false } as const;

/** Plays events on a link; answers with the last state and what each event brought about. */
function play(events: readonly ResponderEvent[], from: Responder = begin[0]): [Responder, string[][]] {
  let state = from;
  const words = (effect: ResponderEffect) => {
    if (effect.type === 'wake') return `wake in ${effect.inMs}`;
    if (effect.type === 'yield') return `yield to ${effect.to}`;
    return effect.type === 'probe' ? 'probe' : `${effect.type} ${effect.wants.join()}`;
  };
  const said = events.map(event => {
    const [after, effects] = afterEvent(state, event, ours);
    state = after;
    return effects.map(words);
  });
  return [state, said];
}
const woken = (at: number): ResponderEvent => ({ type: 'woken', at });
const [answering] = play([0, 250, 500, 750, 1_750].map(woken));

describe('the local name on one link', () => {
  it('is probed for three times, announced twice, and then rests', () => {
    const [state, said] = play([0, 250, 500, 750, 1_750].map(woken));
    expect(said).toEqual([
      ...[
        ['probe', 'wake in 250'],
        ['probe', 'wake in 250'],
        ['probe', 'wake in 250'],
      ],
      ...[['announce A,AAAA', 'wake in 1000'], ['announce A,AAAA']],
    ]);
    expect(state.phase).toBe('answering');
  });

  it('is not answered for while it is probed for', () => {
    expect(play([woken(0), { ...ask, at: 10 }])[1][1]).toEqual([]);
  });

  it('is answered at most once a second to everybody', () => {
    const [, said] = play(
      [5_000, 5_400, 6_000].map(at => ({ ...ask, at })),
      answering,
    );
    expect(said).toEqual([['announce A'], [], ['announce A']]);
  });

  it('is not answered to who knows all of it freshly', () => {
    const know = (address: string, ttl: number) => ({ type: 'A', address, ttl }) as const;
    const fresh = ours.told.map(address => know(address, TTL));
    const cases = [fresh, fresh.slice(1), ours.told.map(address => know(address, TTL / 2 - 1))];
    for (const [index, known] of cases.entries())
      expect(play([{ ...ask, at: 5_000, known }], answering)[1][0]?.length).toBe(index === 0 ? 0 : 1);
  });

  it('is told to old-fashioned askers alone, and to no more than twenty a second', () => {
    const flood = Array.from({ length: 50 }, (_, index) => ({ ...ask, isLegacy: true, at: 5_000 + index }));
    const [, said] = play([...flood, { ...ask, isLegacy: true, at: 6_000 }], answering);
    expect(said.filter(effects => effects.length > 0).length).toBe(21);
    expect(said.at(-1)).toEqual(['reply A']);
  });

  it('is left to who holds it, and tried again after a minute', () => {
    const [state, said] = play([woken(0), { type: 'heard', answers: [other] }]);
    expect(said[1]).toEqual(['yield to 192.168.1.99', 'wake in 60000']);
    expect(play([woken(60_000)], state)).toEqual([begin[0], [['wake in 0']]]);
    expect(
      play(
        [
          { ...ask, at: 99 },
          { type: 'heard', answers: [other] },
        ],
        state,
      )[1],
    ).toEqual([[], []]);
  });

  it('is probed for again where another device answers for it, in case it was an echo', () => {
    expect(play([{ type: 'heard', answers: [other] }], answering)).toEqual([begin[0], [['wake in 0']]]);
  });

  it('is not disputed by our own answers, on whatever link, nor by a goodbye', () => {
    const own = { ...other, address: '10.0.0.9' };
    expect(play([{ type: 'heard', answers: [own, { ...other, ttl: 0 }] }], answering)).toEqual([answering, [[]]]);
    expect(play([woken(0), { type: 'probed', at: 1, claims: ours.told }])[1][1]).toEqual([]);
  });

  it('is defended against a probe, and of two who probe the one with the greater address keeps on', () => {
    const probed = (address: string, at = 9_000): ResponderEvent => ({ type: 'probed', at, claims: [address] });
    expect(play([probed('192.168.1.99')], answering)[1][0]).toEqual(['announce A,AAAA']);
    expect(play([woken(0), probed('192.168.1.99')])[0].phase).toBe('yielded');
    expect(play([woken(0), probed('192.168.1.10')])[0].phase).toBe('probing');
  });

  it('is announced twice more when its addresses change', () => {
    const [, said] = play([{ type: 'addresses-changed' }, woken(9_000), woken(10_000)], answering);
    expect(said).toEqual([['wake in 0'], ['announce A,AAAA', 'wake in 1000'], ['announce A,AAAA']]);
    expect(play([{ type: 'addresses-changed' }])[1]).toEqual([[]]);
  });
});
