import { ChangeDetectionStrategy, Component, computed, inject, input, resource } from '@angular/core';
import copy from 'lucide-static/icons/copy.svg';
import share from 'lucide-static/icons/share-2.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { Signaling } from '../signaling/signaling';

/** The link by which others on this server find a person: to scan, to copy, to hand on. */
@Component({
  selector: 'parley-own-link',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <div class="card">
      @if (code.value(); as drawing) {
        <div class="code" role="img" [attr.aria-label]="t('contacts.add.code')"><parley-icon [svg]="drawing" /></div>
      }
      <p>{{ t('contacts.add.ownHint') }}</p>
      <p class="link">{{ link() }}</p>
      <div class="buttons">
        <button class="button tonal small" type="button" (click)="copyLink()">
          <parley-icon [svg]="icons.copy" />{{ t('contacts.add.copy') }}
        </button>
        @if (canShare) {
          <button class="button tonal small" type="button" (click)="shareLink()">
            <parley-icon [svg]="icons.share" />{{ t('contacts.add.share') }}
          </button>
        }
      </div>
    </div>
  `,
  styleUrl: './own-link.css',
})
export class OwnLink {
  readonly username = input.required<string>();

  readonly #toast = inject(Toast);
  readonly #welcome = inject(Signaling).welcome;
  protected readonly t = inject(Words).t;
  protected readonly icons = { copy, share };
  protected readonly canShare = 'share' in navigator;

  // The canonical origin comes first: this page's own may be a name that only this machine knows.
  readonly #origin = computed(() => this.#welcome()?.origins[0] ?? location.origin);
  protected readonly link = computed(() => `${this.#origin()}/add/${this.username()}`);
  protected readonly code = resource({
    params: () => this.link(),
    loader: async ({ params: link }) => (await import('qr')).default(link, 'svg', { ecc: 'medium', border: 2 }),
  });

  protected async copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.link());
      this.#toast.say(this.t('contacts.add.copied'));
    } catch {
      this.#toast.say(this.t('contacts.add.notCopied'));
    }
  }

  protected async shareLink(): Promise<void> {
    // A person who closes the system's sheet has not met an error.
    await navigator.share({ url: this.link() }).catch(() => undefined);
  }
}
