import { Component, computed, inject, resource, signal } from '@angular/core';
import { Router } from '@angular/router';
import copy from 'lucide-static/icons/copy.svg';
import eyeOff from 'lucide-static/icons/eye-off.svg';
import printer from 'lucide-static/icons/printer.svg';
import { laterWords } from '../../i18n/later-words';
import { Account } from '../account/account';
import { OwnKeys } from '../crypto/own-keys';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { SettingPage } from './setting-page';

/** The recovery code: shown while it is owed, and made anew where its page is gone or a person wants another one. */
@Component({
  selector: 'parley-recovery-code-page',
  imports: [Icon, SettingPage],
  templateUrl: './recovery-code-page.html',
  styleUrl: './recovery-code-page.css',
})
export class RecoveryCodePage {
  readonly #keys = inject(OwnKeys);
  readonly #router = inject(Router);
  readonly #toast = inject(Toast);
  protected readonly t = laterWords();
  protected readonly me = inject(Account).me;
  protected readonly icons = { copy, eyeOff, printer };
  protected readonly host = location.host;

  protected readonly canMake = computed(() => this.#keys.state() === 'own');
  readonly #made = signal<string | null>(null);
  protected readonly code = computed(() => this.#made() ?? this.#keys.owedCode()?.code ?? null);
  protected readonly groups = computed(() => this.code()?.split(' ') ?? []);
  protected readonly drawn = resource({
    params: () => this.code() ?? undefined,
    // Without its spaces a code is small enough to be scanned from bad paper.
    loader: async ({ params: code }) =>
      (await import('qr')).default(code.replaceAll(' ', ''), 'svg', { ecc: 'medium', border: 2 }),
  });
  protected readonly busy = signal(false);
  protected readonly failed = signal(false);
  protected readonly written = signal(false);

  constructor() {
    if (this.#keys.owedCode()?.code === null && this.canMake()) void this.make();
  }

  protected async make(): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.failed.set(false);
    try {
      this.#made.set(await this.#keys.newRecoveryCode());
    } catch {
      this.failed.set(true);
    }
    this.busy.set(false);
  }

  protected print(): void {
    window.print();
  }

  protected async copyCode(): Promise<void> {
    const copied = await navigator.clipboard.writeText(this.code() ?? '').then(
      () => true,
      () => false,
    );
    this.#toast.say(this.t(copied ? 'keys.recovery.copied' : 'keys.recovery.notCopied'));
  }

  protected async done(): Promise<void> {
    this.#keys.codeWritten();
    await this.#router.navigateByUrl('/chats', { replaceUrl: true });
  }
}
