import { Service, signal } from '@angular/core';
import { remember, remembered } from '../device/remembered';
import { RINGTONE_NAMES, type RingtoneName } from './tones';

export const PICTURES = ['auto', 'save', 'high'] as const;

/** How calls are made on this device. */
export interface Settings {
  /** What the browser does to the microphone's sound (W3C Media Capture, 4.3.1 and following). */
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
  /** How much picture is sent at most. */
  readonly pictures: (typeof PICTURES)[number];
  /** One's own picture is sent, and not shown here. */
  readonly hidesOwn: boolean;
  /** How a call rings. */
  readonly ringtone: RingtoneName;
  readonly vibrates: boolean;
  /** The microphone is on only while the space bar is held. */
  readonly pushToTalk: boolean;
}

const AT_FIRST: Settings = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  pictures: 'auto',
  hidesOwn: false,
  ringtone: 'voices',
  vibrates: true,
  pushToTalk: false,
};

/** What each may be, beside what it is at first. */
const isOf = (name: keyof Settings, value: unknown): boolean =>
  name === 'pictures'
    ? PICTURES.some(one => one === value)
    : name === 'ringtone'
      ? RINGTONE_NAMES.some(one => one === value)
      : typeof value === 'boolean';

/** Reads what was chosen on this device; each that cannot be read is as at first. */
export function rememberedSettings(): Settings {
  let kept: object = {};
  try {
    kept = Object(JSON.parse(remembered('parley.call') ?? '{}')) as object;
  } catch {
    // Not written by this app.
  }
  const names = Object.keys(AT_FIRST) as (keyof Settings)[];
  const read = Object.entries(kept).filter(([name, value]) => names.some(one => one === name && isOf(one, value)));
  return { ...AT_FIRST, ...(Object.fromEntries(read) as Partial<Settings>) };
}

/** The same for what is drawn. */
@Service()
export class CallSettings {
  readonly #now = signal(rememberedSettings());
  readonly now = this.#now.asReadonly();

  change(change: Partial<Settings>): void {
    this.#now.update(before => ({ ...before, ...change }));
    remember('parley.call', JSON.stringify(this.#now()));
  }
}
