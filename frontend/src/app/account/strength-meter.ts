import { Component, computed, input } from '@angular/core';
import type { Key } from '../../i18n/words';
import { BARS, isAccepted, type Strength } from './password-strength';

/** What the hint under the field says. */
export const STRENGTH_HINTS: Record<Strength, Key> = {
  short: 'account.strength.short',
  common: 'account.strength.common',
  'own-name': 'account.strength.ownName',
  fair: 'account.strength.fair',
  good: 'account.strength.good',
  strong: 'account.strength.strong',
};

/** Four bars; the words beside them say the same to those who do not see colours. */
@Component({
  selector: 'parley-strength-meter',
  host: { 'aria-hidden': 'true' },
  template: `
    @for (bar of bars(); track $index) {
      <span [class]="bar"></span>
    }
  `,
  styleUrl: './strength-meter.css',
})
export class StrengthMeter {
  readonly strength = input.required<Strength>();

  protected readonly bars = computed(() => {
    const strength = this.strength();
    const full = isAccepted(strength) ? (strength === 'fair' ? 'fair' : 'good') : 'bad';
    return [1, 2, 3, 4].map(bar => (bar <= BARS[strength] ? full : 'empty'));
  });
}
