import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { BARS, isAccepted, type Strength } from './password-strength';

/** Four bars; the words beside them say the same to those who do not see colours. */
@Component({
  selector: 'parley-strength-meter',
  changeDetection: ChangeDetectionStrategy.OnPush,
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
