import * as fc from 'fast-check';
import { isBehind, joined, runOf, without, type Range } from './range';

describe('range', () => {
  it('begins with the first page', () => {
    expect(joined(null, { from: 51, to: 100 })).toEqual({ from: 51, to: 100 });
  });

  it('grows by the next live message and by pages on either side', () => {
    const held = { from: 51, to: 100 };
    expect(joined(held, { from: 101, to: 101 })).toEqual({ from: 51, to: 101 });
    expect(joined(held, { from: 1, to: 50 })).toEqual({ from: 1, to: 100 });
    expect(joined(held, { from: 90, to: 140 })).toEqual({ from: 51, to: 140 });
  });

  it('does not jump over a hole', () => {
    const held = { from: 51, to: 100 };
    expect(joined(held, { from: 102, to: 110 })).toBe(held);
    expect(joined(held, { from: 1, to: 49 })).toBe(held);
  });

  it('takes nothing from an empty page', () => {
    expect(runOf([])).toBeNull();
    expect(joined(null, { from: 5, to: 4 })).toBeNull();
  });

  it('never holds a seq that was not stored', () => {
    const runs = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 8 })), { maxLength: 30 });
    fc.assert(
      fc.property(runs, pairs => {
        const stored = new Set<number>();
        let held: Range | null = null;
        for (const [start, length] of pairs) {
          const run = { from: start + 1, to: start + 1 + length };
          for (let seq = run.from; seq <= run.to; seq++) stored.add(seq);
          held = joined(held, run);
        }
        for (let seq = held?.from ?? 1; seq <= (held?.to ?? 0); seq++) if (!stored.has(seq)) return false;
        return true;
      }),
    );
  });

  it('leaves what could not be stored, and keeps what is newer', () => {
    const held = { from: 51, to: 100 };
    expect(without(held, { from: 100, to: 100 })).toEqual({ from: 51, to: 99 });
    expect(without(held, { from: 51, to: 60 })).toEqual({ from: 61, to: 100 });
    expect(without(held, { from: 70, to: 80 })).toEqual({ from: 81, to: 100 });
    expect(without(held, { from: 1, to: 50 })).toBe(held);
    expect(without(held, { from: 1, to: 100 })).toBeNull();
    expect(without(null, { from: 1, to: 1 })).toBeNull();
  });

  it('knows when paging is due', () => {
    expect(isBehind(null, 0)).toBeFalse();
    expect(isBehind(null, 3)).toBeTrue();
    expect(isBehind({ from: 1, to: 3 }, 3)).toBeFalse();
  });
});
