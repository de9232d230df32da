import fc from 'fast-check';
import { gapsIn, type NumberedPlace } from '#protocol/crypto/gaps';
import { MOST_GIVEN_UP } from '#protocol/crypto/envelope';
import { type DeviceId, type MessageId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { countedAnew, NOTHING_GIVEN, withNumber, withoutEntry, type Given } from './given.ts';

const SEED = { seed: 20261130, numRuns: 2_000 };
const DEVICES = ['phone', 'laptop'].map(name => anId<DeviceId>(name));
const id = (n: number) => anId<MessageId>(`m${n}`);

/** What becomes of something that a person writes on a device. */
const FATES = [
  'sent',
  'sent-twice',
  'given-up-first',
  'given-up',
  'given-up-late',
  'refused',
  'retracted',
  'unread',
  'held-back',
] as const;
type Fate = (typeof FATES)[number];
type Post = readonly [device: number, fate: Fate];

/** What one reader has of it, and how many were held back below a later entry that can be read. */
function delivered(posts: readonly Post[], restoredAt = -1): { places: NumberedPlace[]; heldBack: number } {
  const given = DEVICES.map((): Given => NOTHING_GIVEN);
  const places: NumberedPlace[] = [];
  const held = DEVICES.map(() => 0);
  let heldBack = 0;
  const refused: [device: number, n: number][] = [];
  const arrives = (device: number, n: number, isRead: boolean): void => {
    const { given: now, counter } = withNumber(given[device]!, id(n));
    given[device] = now;
    const place = { seq: places.length + 1, device: DEVICES[device]! };
    const number = { counter, from: now.from, but: now.but, opened: 0 };
    places.push(isRead ? { ...place, number } : place);
    if (!isRead || now.but.includes(counter)) return;
    heldBack += held[device]!;
    held[device] = 0;
  };
  const givesUp = (device: number, n: number): void => void (given[device] = withoutEntry(given[device]!, id(n)));
  const seals = (device: number, n: number): void => void (given[device] = withNumber(given[device]!, id(n)).given);
  for (const [n, [device, fate]] of posts.entries()) {
    if (n === restoredAt) {
      for (const at of DEVICES.keys()) {
        // One more is lost by the server itself.
        seals(at, 10_000 + at);
        given[at] = countedAnew(given[at]!);
        held[at] = 0;
      }
    }
    if (fate === 'given-up-first') givesUp(device, n);
    if (fate !== 'sent') seals(device, n);
    if (fate === 'given-up' || fate === 'refused') givesUp(device, n);
    if (fate === 'refused') refused.push([device, n]);
    if (fate === 'held-back') held[device]!++;
    if (fate === 'sent' || fate === 'sent-twice' || fate === 'given-up-late') arrives(device, n, true);
    if (fate === 'retracted' || fate === 'unread') arrives(device, n, false);
    if (fate === 'given-up-late') givesUp(device, n);
  }
  for (const [device, n] of refused) arrives(device, n, true);
  return { places, heldBack };
}

const posts = (fates: readonly Fate[]) =>
  fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(...fates)), { maxLength: 40 });

describe('the numbers that a device gives its entries', () => {
  it('are the same for an entry that is sealed once more, also one that was given up', () => {
    const first = withNumber(NOTHING_GIVEN, id(1));
    const second = withNumber(first.given, id(2));
    expect([first.counter, second.counter]).toEqual([1, 2]);
    const without = withoutEntry(second.given, id(1));
    expect(withNumber(without, id(1))).toEqual({ given: without, counter: 1 });
    expect(without.but).toEqual([1]);
  });

  it('that an older app has given are not promised', () => {
    const { given, counter } = withNumber({ last: 7, entries: [[id(7), 7]] }, id(8));
    expect([counter, given.from]).toEqual([8, 8]);
  });

  it('of which many were given up are promised from the last one on that is not named any more', () => {
    let given: Given = NOTHING_GIVEN;
    for (let n = 1; n <= MOST_GIVEN_UP + 3; n++) given = withoutEntry(withNumber(given, id(n)).given, id(n));
    expect(given.from).toBe(4);
    expect(given.but?.length).toBe(MOST_GIVEN_UP);
  });

  it('EE12 show exactly what the server has held back', () => {
    const fates = FATES.filter(fate => fate !== 'given-up-late' && fate !== 'refused');
    fc.assert(
      fc.property(posts(fates), all => {
        const { places, heldBack } = delivered(all);
        expect(gapsIn(places).reduce((sum, { count }) => sum + count, 0)).toBe(heldBack);
      }),
      SEED,
    );
  });

  it('show nothing where nothing is held back, whatever was given up, refused, retracted, restored or not fetched', () => {
    const fates = FATES.filter(fate => fate !== 'held-back');
    fc.assert(
      fc.property(posts(fates), fc.nat(45), fc.nat(40), fc.nat(40), (all, restoredAt, from, to) => {
        const { places } = delivered(all, restoredAt);
        expect(gapsIn(places)).toEqual([]);
        expect(gapsIn(places.slice(from, to))).toEqual([]);
        expect(gapsIn(places.filter(({ seq }) => seq <= from || seq > to))).toEqual([]);
      }),
      SEED,
    );
  });
});
