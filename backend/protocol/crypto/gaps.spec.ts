import { gapsIn, type NumberedPlace } from '#protocol/crypto/gaps';
import { type DeviceId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';

const [PHONE, LAPTOP] = [anId<DeviceId>('phone'), anId<DeviceId>('laptop')];
const read = (seq: number, counter: number, more: { from?: number; but?: number[] } = {}, device = PHONE) => ({
  seq,
  device,
  number: { counter, from: 1, but: [], opened: 1000 + seq, ...more },
});
const blank = (seq: number, device: DeviceId | null = PHONE): NumberedPlace => ({ seq, device });

describe('gaps in the numbers of a device', () => {
  it('EE12 stand below the entry that shows them, with how many are missing', () => {
    expect(gapsIn([read(1, 1), read(2, 4), read(3, 5)])).toEqual([{ device: PHONE, seq: 2, count: 2, since: 1002 }]);
    expect(gapsIn([read(1, 2)])).toEqual([{ device: PHONE, seq: 1, count: 1, since: 1001 }]);
    expect(gapsIn([read(1, 1), read(2, 1, {}, LAPTOP), read(3, 2), read(4, 2, {}, LAPTOP)])).toEqual([]);
  });

  it('are none where a place stands for the number: retracted, expired, not opened or withheld', () => {
    expect(gapsIn([read(1, 1), blank(2), read(3, 3)])).toEqual([]);
    expect(gapsIn([read(1, 1), blank(2, null), read(3, 3)])).toEqual([]);
    // But each place for one number alone, and only for one of its own device.
    expect(gapsIn([read(1, 1), blank(2), read(3, 4)]).map(({ count }) => count)).toEqual([1]);
    expect(gapsIn([read(1, 1), blank(2, LAPTOP), read(3, 3)]).map(({ count }) => count)).toEqual([1]);
  });

  it('are none in history that was not fetched', () => {
    expect(gapsIn([read(40, 30), read(41, 31)])).toEqual([]);
    expect(gapsIn([read(40, 30), read(50, 35), read(51, 36)])).toEqual([]);
  });

  it('are none where the numbers were given up, or given by an app that kept no word of it', () => {
    expect(gapsIn([read(1, 1), read(2, 4, { but: [2, 3] })])).toEqual([]);
    expect(gapsIn([read(1, 1), read(2, 3), read(3, 4, { but: [2] })])).toEqual([]);
    expect(gapsIn([read(1, 1), read(2, 9, { from: 9 })])).toEqual([]);
    expect(gapsIn([read(1, 1), read(2, 9, { from: 8 })]).map(({ count }) => count)).toEqual([1]);
    // Refused at first, and sent late.
    expect(gapsIn([read(1, 1), read(2, 3, { but: [2] }), read(3, 2, { but: [2] })])).toEqual([]);
  });
});
