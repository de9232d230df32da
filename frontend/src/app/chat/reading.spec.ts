import { between, dueIn, looked, NOTHING_READ, passed, readUpTo, type Place, type Reading } from './reading';

const AFTER = 500;
const places = (from: number, to: number): Place[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ from: from + i, seq: from + i }));

/** Looks at some messages for long enough, or a moment. */
function looks(reading: Reading, at: number, inView: readonly Place[], across: readonly Place[] = []): Reading {
  return looked(reading, { at, inView, across, seenAfter: AFTER });
}
const stays = (reading: Reading, at: number, inView: readonly Place[]): Reading =>
  looks(looks(reading, at, inView), at + AFTER, inView);

describe('reading', () => {
  it('reads what was in view long enough, without a break', () => {
    const one = looks(NOTHING_READ, 0, places(1, 5));
    expect([one.mark, dueIn(one, 100, AFTER)]).toEqual([0, 400]);
    const away = looks(one, 400, []);
    const back = looks(looks(away, 450, places(1, 5)), 900, places(1, 5));
    expect([back.mark, dueIn(back, 900, AFTER)]).toEqual([0, 50]);
    const long = looks(back, 950, places(1, 5));
    expect([long.mark, dueIn(long, 950, AFTER)]).toEqual([5, undefined]);
  });

  it('never reads past what was not shown', () => {
    const below = stays(NOTHING_READ, 0, places(21, 34));
    expect(below.mark).toBe(0);
    const above = stays(below, 1000, places(1, 14));
    expect(above.mark).toBe(14);
    // What lay between was shown for a moment: everything up to what was read before is read now.
    expect(looks(above, 2000, places(15, 20)).mark).toBe(34);
  });

  it('counts as shown what was scrolled across, and only that', () => {
    const drawn = places(1, 100);
    const first = looks(NOTHING_READ, 0, places(1, 10));
    const across = between(drawn, places(1, 10), places(50, 60));
    expect([across[0]?.seq, across.at(-1)?.seq]).toEqual([11, 49]);
    const there = looks(looks(first, 100, places(50, 60), across), 600, places(50, 60));
    expect(there.mark).toBe(60);
    expect(between(drawn, places(50, 60), places(20, 30)).map(({ seq }) => seq)).toEqual(
      places(31, 49).map(p => p.seq),
    );
    expect(between(drawn, [], places(20, 30))).toEqual([]);
  });

  it('knows no message behind a hole to be read, and withheld places by the message behind them', () => {
    const hole = [...places(1, 3), { from: 7, seq: 7 }];
    expect(stays(NOTHING_READ, 0, hole).mark).toBe(3);
    const withheld = [...places(1, 3), { from: 4, seq: 7 }];
    expect(stays(NOTHING_READ, 0, withheld).mark).toBe(7);
  });

  it('is done with everything before the newest where somebody goes there', () => {
    const first = looks(NOTHING_READ, 0, places(1, 10));
    expect(stays(passed(first, 300), 100, places(290, 300)).mark).toBe(300);
  });

  it('goes on from what was read elsewhere, never back', () => {
    const elsewhere = readUpTo(NOTHING_READ, 20);
    expect(stays(elsewhere, 0, places(21, 25)).mark).toBe(25);
    expect(readUpTo(stays(elsewhere, 0, places(21, 25)), 5).mark).toBe(25);
  });
});
