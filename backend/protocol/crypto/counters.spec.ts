import fc from 'fast-check';
import { type Heard, MOST_RUNS, NOTHING_HEARD, seenOf, withCounter } from '#protocol/crypto/counters';
import { type DeviceId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';

const SEED = { seed: 20261130, numRuns: 1_000 };
const DEVICES = ['phone', 'laptop', 'tablet'].map(name => anId<DeviceId>(name));
const [PHONE, LAPTOP] = DEVICES as [DeviceId, DeviceId];
const hear = (counters: readonly number[], before: Heard = NOTHING_HEARD) =>
  counters.reduce((heard, counter) => withCounter(heard, PHONE, counter), before);

describe('the counters of devices', () => {
  it('come to the same in any order and with any repetition', () => {
    const posts = DEVICES.flatMap(device => Array.from({ length: 6 }, (_, i) => ({ device, counter: i + 1 })));
    fc.assert(
      fc.property(
        fc
          .shuffledSubarray(posts)
          .chain(kept =>
            fc.tuple(fc.constant(kept), fc.shuffledSubarray([...kept, ...kept], { minLength: kept.length * 2 })),
          ),
        ([kept, arriving]) => {
          const take = (all: typeof posts) =>
            all.reduce<Heard>((heard, { device, counter }) => withCounter(heard, device, counter), NOTHING_HEARD);
          const heard = take(arriving);
          expect(seenOf(heard, anId('me')).text).toBe(seenOf(take(kept), anId('me')).text);
        },
      ),
      SEED,
    );
  });

  it('take a long history that is read backwards as one run', () => {
    const heard = hear(Array.from({ length: 2_000 }, (_, i) => 2_000 - i));
    expect(heard.get(PHONE)).toEqual({ runs: [[1, 2_000]] });
  });

  it('keep a bounded number of gaps of a device that leaves out every second one', () => {
    const heard = hear(Array.from({ length: 5_000 }, (_, i) => 2 * i + 2));
    expect(heard.get(PHONE)?.runs.length).toBe(MOST_RUNS);
    expect(withCounter(heard, PHONE, 3)).toBe(heard);
  });

  it('say what was heard of the others, so that two views can be compared', () => {
    const mine = withCounter(hear([1, 2]), LAPTOP, 1);
    expect(seenOf(mine, LAPTOP)).toEqual({ count: 2, text: 'phone 1-2\n' });
    expect(seenOf(mine, PHONE)).toEqual({ count: 1, text: 'laptop 1-1\n' });
    expect(seenOf(hear([1, 3]), LAPTOP).text).not.toBe(seenOf(hear([1, 2]), LAPTOP).text);
  });
});
