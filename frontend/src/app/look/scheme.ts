import { effect, Service, signal } from '@angular/core';
import { remember, remembered } from '../device/remembered';

export const SCHEMES = ['system', 'light', 'dark'] as const;
/** Which colours a person has chosen; `system` follows the device. */
export type Scheme = (typeof SCHEMES)[number];

const stored = (): Scheme => SCHEMES.find(scheme => scheme === remembered('parley.scheme')) ?? 'system';

/** Light, dark, or as the system says. Kept on the device, not in the account. */
@Service()
export class ColorScheme {
  readonly #chosen = signal(stored());
  readonly chosen = this.#chosen.asReadonly();

  constructor() {
    effect(() => {
      const scheme = this.#chosen();
      if (scheme === 'system') delete document.documentElement.dataset['scheme'];
      else document.documentElement.dataset['scheme'] = scheme;
    });
  }

  choose(scheme: Scheme): void {
    remember('parley.scheme', scheme);
    this.#chosen.set(scheme);
  }
}
