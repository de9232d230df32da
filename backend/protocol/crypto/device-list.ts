import { type UserId } from '#protocol/ids';
import { deviceListSays, keyUserOf, type DeviceListSays, type KeyDeviceId } from '#protocol/keys/objects';
import { err, ok, type Result } from '#protocol/result';

/*
 * A person's devices as a list that their identity has signed. Cross-signing cannot take a signature back, so that a server could
 * bring a removed device back; each change of the list has a higher number, and others refuse a lower one.
 */

/** Reads the text that was signed; total. */
export function deviceListOf(signed: string): DeviceListSays | null {
  try {
    const parsed = deviceListSays.safeParse(JSON.parse(signed));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The text to sign that comes after `before`, its devices in one order. */
export function nextDeviceList(
  whose: UserId,
  before: DeviceListSays | null,
  { devices, dehydrated }: Pick<DeviceListSays, 'devices' | 'dehydrated'>,
): string {
  const number = (before?.number ?? 0) + 1;
  const says: DeviceListSays = { user: keyUserOf(whose), devices: [...new Set(devices)].sort(), dehydrated, number };
  return JSON.stringify(says);
}

/** The highest list that a device has seen of one identity of a person: pinned for each identity by itself. */
export interface PinnedList {
  readonly masterKey: string;
  readonly number: number;
  readonly signed: string;
}

export type ListRefusal =
  | 'missing'
  /** Not a list, or one of another person. */
  | 'unreadable'
  | 'wrong-signature'
  /** The server went back, or brings a removed device back. */
  | 'lower-number'
  /** Two lists of one number: shown to different people, or made by two devices at once. */
  | 'same-number';

/** A list as the server hands it out; `isSigned`: by `masterKey`, the identity that the person has now. */
export interface OfferedList {
  readonly signed: string;
  readonly masterKey: string;
  readonly isSigned: boolean;
}

/**
 * Decides about a list of `whose`.
 * @param pinned the pin of the identity that has signed the offered list, also where another identity was shown since
 * @returns what to pin from now on, with the list
 */
export function judgeDeviceList(
  whose: UserId,
  pinned: PinnedList | null,
  offered: OfferedList | null,
): Result<{ pin: PinnedList; list: DeviceListSays }, ListRefusal> {
  if (!offered) return err('missing');
  const { signed, masterKey, isSigned } = offered;
  const list = deviceListOf(signed);
  if (list?.user !== keyUserOf(whose)) return err('unreadable');
  if (!isSigned) return err('wrong-signature');
  // A new identity begins a new list; a person is asked about the new identity before anything is sent to it.
  const before = pinned?.masterKey === masterKey ? pinned : null;
  if (before && list.number < before.number) return err('lower-number');
  if (before?.number === list.number && before.signed !== signed) return err('same-number');
  return ok({ pin: { masterKey, number: list.number, signed }, list });
}

/** Whether the list names this device, or it is the one that receives while no other is there. */
export const isListed = ({ devices, dehydrated }: DeviceListSays, id: KeyDeviceId): boolean =>
  id === dehydrated || devices.some(listed => listed === id);
