import { isQuiet, isSilenced, NEVER_QUIET, readQuiet } from './quiet.ts';
import { withRing } from './rings.ts';

const at = (hour: number, minute = 0) => new Date(2025, 4, 5, hour, minute);

describe('do not disturb', () => {
  it('is off at first, and where what was kept cannot be read', () => {
    expect(isQuiet(NEVER_QUIET, at(12))).toBeFalse();
    for (const kept of [null, 'quiet', { now: 'sometimes', hours: null }, { now: null, hours: { from: -1, to: 5 } }])
      expect(readQuiet(kept)).toEqual(NEVER_QUIET);
  });

  it('holds until its end, or until it is turned off', () => {
    const now = at(19, 30).getTime();
    expect([at(19, 29), at(19, 30)].map(time => isQuiet({ ...NEVER_QUIET, now }, time))).toEqual([true, false]);
    expect(isQuiet({ ...NEVER_QUIET, now: 'until-off' }, at(19, 30))).toBeTrue();
  });

  it('holds every day between two times, over midnight too', () => {
    const night = { ...NEVER_QUIET, hours: { from: 22 * 60, to: 7 * 60 } };
    const times = [at(21, 59), at(22), at(3), at(6, 59), at(7)];
    expect(times.map(time => isQuiet(night, time))).toEqual([false, true, true, true, false]);
    const noon = { ...NEVER_QUIET, hours: { from: 12 * 60, to: 13 * 60 } };
    expect([at(11, 59), at(12), at(13)].map(time => isQuiet(noon, time))).toEqual([false, true, false]);
    expect(isQuiet({ ...NEVER_QUIET, hours: { from: 60, to: 60 } }, at(1))).toBeFalse();
  });

  it('lets through the calls and messages of close people, and who calls again soon', () => {
    const mira = { id: 'mira', conversationId: 'with mira' };
    const quiet = { ...NEVER_QUIET, now: 'until-off', people: [mira] } as const;
    const silenced = (...[sound]: [Parameters<typeof isSilenced>[2]]) => isSilenced(quiet, at(12), sound);
    expect(silenced(undefined)).toBeTrue();
    expect(silenced({ conversationId: 'with mira' })).toBeFalse();
    expect(silenced({ conversationId: 'with jonas' })).toBeTrue();
    expect(silenced({ callerId: 'mira', callsAgain: false })).toBeFalse();
    expect(silenced({ callerId: 'jonas', callsAgain: false })).toBeTrue();
    expect(silenced({ callerId: 'jonas', callsAgain: true })).toBeFalse();
    expect(isSilenced({ ...quiet, again: false }, at(12), { callerId: 'jonas', callsAgain: true })).toBeTrue();
    expect(isSilenced(NEVER_QUIET, at(12), { callerId: 'jonas', callsAgain: false })).toBeFalse();
  });

  it('lets nobody through of whom no conversation is known, as a message of a group', () => {
    const quiet = { ...NEVER_QUIET, now: 'until-off', people: [{ id: 'mira' }] } as const;
    expect(isSilenced(quiet, at(12), { conversationId: 'any' })).toBeTrue();
    expect(isSilenced(quiet, at(12), { callerId: undefined, callsAgain: false })).toBeTrue();
  });

  it('reads what an older app has kept, and leaves out who cannot be read', () => {
    expect(readQuiet({ now: null, hours: null })).toEqual(NEVER_QUIET);
    const people = [{ id: 'mira' }, 'jonas', null, { name: 'x' }];
    const read = readQuiet({ now: null, hours: null, people, again: false });
    expect([read.people, read.again]).toEqual([[{ id: 'mira' }], false]);
  });
});

describe('rings that were pushed', () => {
  const now = 1_000_000;
  const [first] = withRing(undefined, 'mira', 'call 1', now);

  it('are again those of another call of the same person within three minutes', () => {
    expect(withRing(first, 'mira', 'call 2', now + 180_000)[1]).toBeTrue();
    expect(withRing(first, 'mira', 'call 2', now + 180_001)[1]).toBeFalse();
    expect(withRing(first, 'jonas', 'call 2', now + 1)[1]).toBeFalse();
  });

  it('are not again those of the same call, however often it is pushed', () => {
    const [second, isAgain] = withRing(first, 'mira', 'call 1', now + 100_000);
    expect(isAgain).toBeFalse();
    expect(withRing(second, 'mira', 'call 2', now + 170_000)[1]).toBeTrue();
  });

  it('are still those of somebody who calls again where the second call is pushed twice', () => {
    const [second] = withRing(first, 'mira', 'call 2', now + 1);
    expect(withRing(second, 'mira', 'call 2', now + 2)[1]).toBeTrue();
  });

  it('are forgotten when they cannot matter any more', () => {
    expect(Object.keys(withRing(first, 'jonas', 'call 9', now + 200_000)[0])).toEqual(['jonas']);
  });
});
