import {
  drawnOf,
  EMPTY_WINDOW,
  WINDOW_MOST,
  withArrival,
  withNewer,
  withOlder,
  type MessageWindow,
} from './message-window';
import { entry } from './testing/chat-room';

const some = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
const seqs = (window: MessageWindow): string => {
  const drawn = drawnOf(window).map(({ seq }) => seq);
  return `${drawn[0]}–${drawn.at(-1)} (${drawn.length})`;
};

describe('message window', () => {
  it('grows at both ends to a bound, and loses at one what it gains at the other', () => {
    let window = withNewer(EMPTY_WINDOW, some(500, 559), 1000);
    expect([seqs(window), window.atEnd]).toEqual(['500–559 (60)', false]);
    for (let last = 559; last < 1000; last += 60)
      window = withNewer(window, some(last + 1, Math.min(1000, last + 60)), 1000);
    expect([seqs(window), window.atEnd]).toEqual([`701–1000 (${WINDOW_MOST})`, true]);
    window = withOlder(window, some(641, 700));
    expect([seqs(window), window.atEnd]).toEqual([`641–940 (${WINDOW_MOST})`, false]);
  });

  it('takes in what arrives at its end, and keeps it behind a hole until that is filled', () => {
    const window = withNewer(EMPTY_WINDOW, some(1, 5), 5);
    const island = withArrival(window, some(9, 9));
    expect([seqs(island), island.messages.length, island.atEnd]).toEqual(['1–9 (6)', 5, true]);
    const filled = withArrival(withArrival(island, some(6, 7)), some(7, 8));
    expect([seqs(filled), filled.beyond.length]).toEqual(['1–9 (9)', 0]);
    expect(withArrival(filled, some(3, 9))).toBe(filled);
  });

  it('lets what arrives wait where it is full, or is elsewhere', () => {
    const full = withNewer(EMPTY_WINDOW, some(1, WINDOW_MOST), WINDOW_MOST);
    const next = withArrival(full, some(WINDOW_MOST + 1, WINDOW_MOST + 1));
    expect([seqs(next), next.atEnd]).toEqual([`1–${WINDOW_MOST} (${WINDOW_MOST})`, false]);
    expect(withArrival(next, some(WINDOW_MOST + 2, WINDOW_MOST + 2))).toBe(next);
  });

  it('never has a hole: a page that does not touch it is not taken', () => {
    const window = withNewer(EMPTY_WINDOW, some(100, 110), 200);
    expect(withOlder(window, some(1, 90))).toBe(window);
    expect(seqs(withNewer(window, some(113, 120), 200))).toBe('100–120 (19)');
    expect(withNewer(window, some(113, 120), 200).messages.at(-1)?.seq).toBe(110);
  });
});
