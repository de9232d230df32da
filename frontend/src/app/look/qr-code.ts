import { booleanAttribute, Component, input, resource } from '@angular/core';
import { Icon } from './icon';

/** A text as a QR code, dark on light whatever the scheme: that is what a camera wants. */
@Component({
  selector: 'parley-qr-code',
  imports: [Icon],
  template: `
    <div class="code" role="img" [attr.aria-label]="label()">
      @if (drawn.value(); as drawing) {
        <parley-icon [svg]="drawing" />
        <ng-content />
      }
    </div>
  `,
  styles: `
    .code {
      --icon-size: var(--code-size, 12.5rem);
      position: relative;
      width: var(--icon-size);
      height: var(--icon-size);
      overflow: hidden;
      border-radius: var(--radius-small);
      background: #ffffff;
      color: #10201c;
      line-height: 0;
    }
  `,
})
export class QrCode {
  /** Undefined: it is not known yet. */
  readonly text = input.required<string | undefined>();
  /** What the drawing is, for those who do not see it. */
  readonly label = input.required<string>();
  /** A picture stands in its middle: then a quarter of it may be covered. */
  readonly covered = input(false, { transform: booleanAttribute });

  protected readonly drawn = resource({
    params: () => this.text(),
    loader: async ({ params: text }) =>
      (await import('qr')).default(text, 'svg', { ecc: this.covered() ? 'quartile' : 'medium', border: 2 }),
  });
}
