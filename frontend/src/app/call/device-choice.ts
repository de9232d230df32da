import * as z from 'zod/mini';
import { remember, remembered } from '../device/remembered';

const id = z.optional(z.string().check(z.maxLength(512)));
const choice = z.object({ microphone: id, camera: id, speaker: id });

/** Which devices the person has chosen on this browser; what was never chosen is the system's default. */
export type DeviceChoice = z.infer<typeof choice>;
/** The pickers of a call. */
export type PickerKind = keyof DeviceChoice;

/** Reads the remembered choices; what cannot be read is none. */
export function rememberedChoice(): DeviceChoice {
  try {
    const read = choice.safeParse(JSON.parse(remembered('parley.devices') ?? '{}'));
    return read.success ? read.data : {};
  } catch {
    return {};
  }
}

/** Remembers the choices for the next call. */
export function rememberChoice(choice: DeviceChoice): void {
  remember('parley.devices', JSON.stringify(choice));
}

/** A device as a picker shows it; browsers give no labels before the first permission. */
export interface Device {
  readonly id: string;
  readonly label: string;
}
export type Devices = Readonly<Record<PickerKind, readonly Device[]>>;

export const NO_DEVICES: Devices = { microphone: [], camera: [], speaker: [] };

/** What is plugged in now. */
export async function listDevices(): Promise<Devices> {
  if (!('mediaDevices' in navigator)) return NO_DEVICES;
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const of = (kind: MediaDeviceKind) =>
    all
      .filter(device => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphone: of('audioinput'), camera: of('videoinput'), speaker: of('audiooutput') };
}
