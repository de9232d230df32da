import { Service, signal } from '@angular/core';
import * as z from 'zod/mini';
import { remember, remembered } from '../device/remembered';
import { RINGTONE_NAMES } from './tones';

const settings = z.object({
  /** What the browser does to the microphone's sound (W3C Media Capture, 4.3.1 and following). */
  echoCancellation: z._default(z.boolean(), true),
  noiseSuppression: z._default(z.boolean(), true),
  autoGainControl: z._default(z.boolean(), true),
  /** How much picture is sent at most. */
  pictures: z._default(z.enum(['auto', 'save', 'high']), 'auto'),
  /** One's own picture is sent, and not shown here. */
  hidesOwn: z._default(z.boolean(), false),
  /** How a call rings. */
  ringtone: z._default(z.enum(RINGTONE_NAMES), 'voices'),
  vibrates: z._default(z.boolean(), true),
  /** The microphone is on only while the space bar is held. */
  pushToTalk: z._default(z.boolean(), false),
});

/** How calls are made on this device. */
export type Settings = z.infer<typeof settings>;

/** Reads what was chosen on this device; what cannot be read is as at first. */
export function rememberedSettings(): Settings {
  try {
    return settings.parse(JSON.parse(remembered('parley.call') ?? '{}'));
  } catch {
    return settings.parse({});
  }
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
