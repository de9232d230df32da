import { TestBed } from '@angular/core/testing';
import { Dates, daysBetween, duration } from './dates';
import { withWords } from './testing/with-words';

const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();

describe('Dates', () => {
  const now = at(2026, 2, 12, 18, 30);

  it('counts calendar days, not hours', () => {
    expect(daysBetween(at(2026, 2, 11, 23, 59), at(2026, 2, 12, 0, 1))).toBe(1);
    expect(daysBetween(at(2026, 2, 12, 0, 1), now)).toBe(0);
    // Over the day on which clocks go forward in much of the world.
    expect(daysBetween(at(2026, 2, 28, 12), at(2026, 2, 30, 12))).toBe(2);
  });

  it('stamps a list from now back to other years', async () => {
    await withWords();
    const dates = TestBed.inject(Dates);
    expect(dates.stamp(now - 20_000, now)).toBe('now');
    expect(dates.stamp(at(2026, 2, 12, 9, 5), now)).toMatch(/^0?9:05/);
    expect(dates.stamp(at(2026, 2, 10), now)).toBe('Tue');
    expect(dates.stamp(at(2026, 0, 3), now)).toBe('Jan 3');
    expect(dates.stamp(at(2024, 0, 3), now)).toBe('Jan 3, 2024');
  });

  it('names days as the language does', async () => {
    await withWords([], 'de');
    const dates = TestBed.inject(Dates);
    expect(dates.day(now, now)).toBe('Heute');
    expect(dates.day(at(2026, 2, 11), now)).toBe('Gestern');
    expect(dates.day(at(2026, 2, 8), now)).toBe('Sonntag');
    expect(dates.day(at(2026, 0, 3), now)).toBe('3. Januar');
  });

  it('puts moments into sentences, those to come as well', async () => {
    await withWords([], 'de');
    const dates = TestBed.inject(Dates);
    expect(dates.moment(at(2026, 2, 12, 9, 5), now)).toBe('09:05');
    expect(dates.moment(at(2026, 2, 11, 9, 5), now)).toBe('gestern, 09:05');
    expect(dates.moment(at(2026, 2, 8, 9, 5), now)).toBe('Sonntag, 09:05');
    expect(dates.moment(at(2026, 2, 12, 19, 5), now)).toBe('19:05');
    expect(dates.moment(at(2026, 2, 13, 9, 5), now)).toBe('morgen, 09:05');
    expect(dates.moment(at(2026, 2, 15, 9, 5), now)).toBe('Sonntag, 09:05');
    expect(dates.moment(at(2026, 2, 19, 9, 5), now)).toBe('19. März, 09:05');
  });
});

describe('duration', () => {
  it('counts in minutes, and in hours where there are any', () => {
    expect([7_400, 767_000, 3_723_000, -5].map(duration)).toEqual(['0:07', '12:47', '1:02:03', '0:00']);
  });
});
