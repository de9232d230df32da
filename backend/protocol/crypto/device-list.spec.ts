import fc from 'fast-check';
import { deviceListOf, isListed, judgeDeviceList, nextDeviceList, type PinnedList } from '#protocol/crypto/device-list';
import { type DeviceId, type UserId } from '#protocol/ids';
import { type DehydratedId } from '#protocol/keys/objects';
import { anyText } from '#protocol/testing/any-text';
import { anId } from '#protocol/testing/ids';

const SEED = { seed: 20261130, numRuns: 500 };
const uuid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const MIRA = anId<UserId>(uuid('1'));
const [PHONE, LAPTOP] = [anId<DeviceId>(uuid('a')), anId<DeviceId>(uuid('b'))];
const DEHYDRATED = 'd'.repeat(43) as DehydratedId;
const MASTER = 'master';

const first = nextDeviceList(MIRA, null, { devices: [LAPTOP, PHONE], dehydrated: null });
const second = nextDeviceList(MIRA, deviceListOf(first), { devices: [PHONE], dehydrated: DEHYDRATED });
const offered = (signed: string, masterKey = MASTER, isSigned = true) => ({ signed, masterKey, isSigned });
const numberOf = (signed: string) => deviceListOf(signed)?.number ?? 0;
const pinOf = (signed: string): PinnedList => ({ masterKey: MASTER, number: numberOf(signed), signed });
const verdict = (pinned: PinnedList | null, list: ReturnType<typeof offered> | null) => {
  const judged = judgeDeviceList(MIRA, pinned, list);
  return judged.ok ? judged.value.pin.number : judged.error;
};

describe('the signed list of a person’s devices', () => {
  it('names its devices in one order, each once, and has the next number', () => {
    expect(deviceListOf(first)?.devices).toEqual([PHONE, LAPTOP]);
    expect([first, second].map(numberOf)).toEqual([1, 2]);
    expect(nextDeviceList(MIRA, null, { devices: [PHONE, LAPTOP, PHONE], dehydrated: null })).toBe(first);
  });

  it('EE4b is taken the first time and when it is newer, and refused when it is older: a removed device does not come back', () => {
    expect(verdict(null, offered(first))).toBe(1);
    expect(verdict(pinOf(first), offered(first))).toBe(1);
    expect(verdict(pinOf(first), offered(second))).toBe(2);
    expect(verdict(pinOf(second), offered(first))).toBe('lower-number');
  });

  it('EE4a is refused without a signature, of another person, and when there is none', () => {
    expect(verdict(null, offered(first, MASTER, false))).toBe('wrong-signature');
    const others = nextDeviceList(anId(uuid('2')), null, { devices: [PHONE], dehydrated: null });
    expect(verdict(null, offered(others))).toBe('unreadable');
    expect(verdict(null, null)).toBe('missing');
    expect(verdict(null, offered('{}'))).toBe('unreadable');
  });

  it('EE4b is refused as a second one of the same number: two people were shown different lists', () => {
    const sibling = nextDeviceList(MIRA, null, { devices: [PHONE], dehydrated: null });
    expect(verdict(pinOf(first), offered(sibling))).toBe('same-number');
  });

  it('begins again under a new identity', () => {
    expect(verdict(pinOf(second), offered(first, 'new master'))).toBe(1);
  });

  it('EE4c lists a device by its id, the dehydrated one too', () => {
    const [one, two] = [deviceListOf(first)!, deviceListOf(second)!];
    expect([PHONE, LAPTOP, DEHYDRATED].map(id => isListed(one, id))).toEqual([true, true, false]);
    expect([PHONE, LAPTOP, DEHYDRATED].map(id => isListed(two, id))).toEqual([true, false, true]);
  });

  it('ends at the highest number in whatever order lists arrive', () => {
    const lists = [first, second, nextDeviceList(MIRA, deviceListOf(second), { devices: [], dehydrated: null })];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lists), { minLength: 1, maxLength: 8 }), arriving => {
        const pinned = arriving.reduce<PinnedList | null>((pin, list) => {
          const judged = judgeDeviceList(MIRA, pin, offered(list));
          return judged.ok ? judged.value.pin : pin;
        }, null);
        expect(pinned?.number).toBe(Math.max(...arriving.map(numberOf)));
      }),
      SEED,
    );
  });

  it('reads any text without an error', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(200), fc.json()), text => {
        expect(deviceListOf(text)).toBeNull();
      }),
      SEED,
    );
  });
});
