import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import chevron from 'lucide-static/icons/chevron-right.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import { laterWords } from '../../i18n/later-words';
import { Back } from '../look/back';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { OwnAccount } from './own-account';
import { NotChangedWords } from './not-changed-words';
import { type NotChanged, PasswordChange } from './password-change';
import { SettingPage } from './setting-page';

/** A new password; every other device is signed out by it. */
@Component({
  selector: 'parley-password-page',
  imports: [Icon, PasswordChange, RouterLink, SettingPage],
  template: `
    <parley-setting-page heading="settings.password.title">
      <parley-password-change
        [action]="t('settings.password.change')"
        [doing]="t('invitations.reset.busy')"
        [change]="change"
      />
      <div class="card">
        <a class="row" routerLink="/settings/devices/lost">
          <parley-icon [svg]="icons.shieldAlert" />
          <span class="row-text">
            <span class="row-name">{{ t('settings.password.known') }}</span>
            <span class="row-line">{{ t('settings.password.knownHint') }}</span>
          </span>
          <parley-icon class="chevron" [svg]="icons.chevron" />
        </a>
      </div>
    </parley-setting-page>
  `,
  styles: `
    .card {
      margin-top: 24px;
    }

    .row-line {
      white-space: normal;
    }

    .chevron {
      --icon-size: 1.25rem;
      color: var(--outline);
    }
  `,
})
export class PasswordPage {
  protected readonly t = laterWords();
  protected readonly icons = { chevron, shieldAlert };
  readonly #own = inject(OwnAccount);
  readonly #words = inject(NotChangedWords);
  readonly #toast = inject(Toast);
  readonly #back = inject(Back);

  protected readonly change = async (current: string, next: string): Promise<NotChanged | null> => {
    const changed = await this.#own.changePassword(current, next);
    if (!changed.ok) return this.#words.of(changed.error);
    this.#toast.say(this.t('settings.password.changed'));
    await this.#back.go('/settings/profile');
    return null;
  };
}
