import { TransferPace } from './transfer-pace';

describe('The time that is left of a transfer', () => {
  const paceOf = (...samples: readonly (readonly [number, number])[]) => {
    const pace = new TransferPace();
    for (const [at, bytes] of samples) pace.note(at, bytes);
    return pace;
  };

  it('is not said before it is known', () => {
    expect(paceOf().leftMs(100)).toBeNull();
    expect(paceOf([0, 10], [1_000, 20]).leftMs(100)).toBeNull();
  });

  it('follows from what was stored in the last ten seconds', () => {
    expect(paceOf([0, 0], [2_000, 20]).leftMs(100)).toBe(8_000);
    expect(paceOf([0, 0], [20_000, 20], [22_000, 40], [24_000, 60]).leftMs(100)).toBe(4_000);
  });

  it('begins again where the transfer does', () => {
    expect(paceOf([0, 0], [2_000, 20], [3_000, 5]).leftMs(100)).toBeNull();
  });

  it('is not made longer by looking twice', () => {
    expect(paceOf([0, 0], [2_000, 20], [9_000, 20]).leftMs(100)).toBe(8_000);
  });
});
