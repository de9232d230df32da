import { Component, inject, input } from '@angular/core';
import copy from 'lucide-static/icons/copy.svg';
import share from 'lucide-static/icons/share-2.svg';
import { Words } from '../../i18n/words';
import { Icon } from './icon';
import { QrCode } from './qr-code';
import { Toast } from './toast';

/** A link that is handed to somebody: as a code to scan, to copy, and to share where the system can. */
@Component({
  selector: 'parley-handed-link',
  imports: [Icon, QrCode],
  template: `
    <parley-qr-code [text]="link()" [label]="label()" />
    <ng-content />
    <p class="link">{{ link() }}</p>
    <div class="buttons">
      <button class="button tonal small" type="button" (click)="copyLink()">
        <parley-icon [svg]="icons.copy" />{{ t('app.link.copy') }}
      </button>
      @if (canShare) {
        <button class="button tonal small" type="button" (click)="shareLink()">
          <parley-icon [svg]="icons.share" />{{ t('app.link.share') }}
        </button>
      }
    </div>
  `,
  styleUrl: './handed-link.css',
})
export class HandedLink {
  readonly link = input.required<string>();
  /** What the drawing is, for those who do not see it. */
  readonly label = input.required<string>();
  /** What is said beside the link when it is shared. */
  readonly words = input('');

  readonly #toast = inject(Toast);
  protected readonly t = inject(Words).t;
  protected readonly icons = { copy, share };
  protected readonly canShare = 'share' in navigator;

  protected async copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link());
      this.#toast.say(this.t('app.link.copied'));
    } catch {
      this.#toast.say(this.t('app.link.notCopied'));
    }
  }

  protected async shareLink(): Promise<void> {
    const words = this.words();
    // A person who closes the system's sheet has not met an error.
    await navigator.share({ url: this.link(), ...(words === '' ? {} : { text: words }) }).catch(() => undefined);
  }
}
