import { look, OFFLINE, type Facts } from './presence.ts';

const nobody: Facts = { seat: false, pages: [] };
const visible: Facts = { seat: false, pages: [{ visible: true, hiddenAt: -Infinity }] };
const hidden = (hiddenAt: number): Facts => ({ seat: false, pages: [{ visible: false, hiddenAt }] });
const told = (state: 'online' | 'in-call') => ({ told: state, leftAt: null });

describe('presence', () => {
  it('N1a is in-call with a seat, even without a page; online with a visible page, or one that was within a minute', () => {
    expect(look(OFFLINE, { ...nobody, seat: true }, 0)).toEqual([told('in-call'), null]);
    expect(look(told('online'), { ...visible, seat: true }, 0)).toEqual([told('in-call'), null]);
    expect(look(OFFLINE, visible, 0)).toEqual([told('online'), null]);
    expect(look(told('online'), hidden(1_000), 2_000)).toEqual([told('online'), 61_000]);
    expect(look(OFFLINE, hidden(-Infinity), 0)).toEqual([OFFLINE, null]);
    expect(look(told('in-call'), visible, 5)).toEqual([told('online'), null]);
  });

  it('N2a, N2b becomes offline ten seconds after it is true, and not at all where it ends before', () => {
    const [leaving, lookAt] = look(told('online'), nobody, 5_000);
    expect([leaving, lookAt]).toEqual([{ told: 'online', leftAt: 5_000 }, 15_000]);
    expect(look(leaving, nobody, 14_999)).toEqual([leaving, 15_000]);
    expect(look(leaving, visible, 14_999)).toEqual([told('online'), null]);
    expect(look(leaving, nobody, 15_000)).toEqual([OFFLINE, null]);
  });

  it('N2a counts from when the minute of a hidden page was over, however late one looks', () => {
    expect(look(told('online'), hidden(0), 60_000)).toEqual([{ told: 'online', leftAt: 60_000 }, 70_000]);
    expect(look(told('online'), hidden(0), 90_000)).toEqual([OFFLINE, null]);
  });
});
