import { isQuiet, NEVER_QUIET, readQuiet } from './quiet.ts';

const at = (hour: number, minute = 0) => new Date(2025, 4, 5, hour, minute);

describe('do not disturb', () => {
  it('is off at first, and where what was kept cannot be read', () => {
    expect(isQuiet(NEVER_QUIET, at(12))).toBeFalse();
    for (const kept of [null, 'quiet', { now: 'sometimes', hours: null }, { now: null, hours: { from: -1, to: 5 } }])
      expect(readQuiet(kept)).toEqual(NEVER_QUIET);
  });

  it('holds until its end, or until it is turned off', () => {
    const now = at(19, 30).getTime();
    expect([at(19, 29), at(19, 30)].map(time => isQuiet({ now, hours: null }, time))).toEqual([true, false]);
    expect(isQuiet({ now: 'until-off', hours: null }, at(19, 30))).toBeTrue();
  });

  it('holds every day between two times, over midnight too', () => {
    const night = { now: null, hours: { from: 22 * 60, to: 7 * 60 } };
    const times = [at(21, 59), at(22), at(3), at(6, 59), at(7)];
    expect(times.map(time => isQuiet(night, time))).toEqual([false, true, true, true, false]);
    const noon = { now: null, hours: { from: 12 * 60, to: 13 * 60 } };
    expect([at(11, 59), at(12), at(13)].map(time => isQuiet(noon, time))).toEqual([false, true, false]);
    expect(isQuiet({ now: null, hours: { from: 60, to: 60 } }, at(1))).toBeFalse();
  });
});
