import { computed } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Dates } from './dates';
import { withWords } from './testing/with-words';

const at = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime();

describe('Clock', () => {
  beforeEach(() =>
    jasmine
      .clock()
      .install()
      .mockDate(new Date(at(2026, 2, 12, 23, 58, 0))),
  );
  afterEach(() => jasmine.clock().uninstall());

  it('makes "now" a time after a minute, and "Today" "Yesterday" at midnight, and ticks no more than that', async () => {
    await withWords();
    const dates = TestBed.inject(Dates);
    const sent = at(2026, 2, 12, 23, 57, 50);
    let asked = 0;
    const words = computed(() => {
      asked++;
      return [dates.stamp(sent), dates.day(sent), dates.moment(sent)].join(' | ');
    });
    expect(words()).toMatch(/^now \| Today \| 11:57/);
    jasmine.clock().tick(49_000);
    expect(words()).toMatch(/^now/);
    jasmine.clock().tick(1_000);
    expect(words()).toMatch(/^11:57.* \| Today/);
    jasmine.clock().tick(70_000);
    expect(words()).toMatch(/^Thu \| Yesterday \| yesterday, 11:57/);
    expect(asked).toBe(3);
  });

  it('looks again when the page is shown, for timers that came late', async () => {
    await withWords();
    const dates = TestBed.inject(Dates);
    const day = computed(() => dates.day(at(2026, 2, 12, 12, 0, 0)));
    expect(day()).toBe('Today');
    jasmine.clock().mockDate(new Date(at(2026, 2, 13, 8, 0, 0)));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(day()).toBe('Yesterday');
  });
});
