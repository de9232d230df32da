import { Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import circleCheck from 'lucide-static/icons/circle-check.svg';
import circleX from 'lucide-static/icons/circle-x.svg';
import drive from 'lucide-static/icons/hard-drive.svg';
import computer from 'lucide-static/icons/monitor.svg';
import pin from 'lucide-static/icons/pin.svg';
import phone from 'lucide-static/icons/smartphone.svg';
import tablet from 'lucide-static/icons/tablet.svg';
import { laterWords } from '../../i18n/later-words';
import { FormFoot } from '../look/form-foot';
import { Icon } from '../look/icon';
import { KeptStorage } from '../worker/kept-storage';
import { Account } from './account';
import { deviceOf } from './device-name';
import { FailureWords } from './failure-words';
import { type Failure } from './fetch-json';
import { PasswordField } from './password-field';
import { insideOf } from './wanted';
import { isWrongPassword } from './wrong-password';

const DEVICES = { phone, tablet, computer };

/** The door for somebody whose browser has lost the keys of this device: what comes back, what is gone, who is told, and the way back. */
@Component({
  selector: 'parley-keys-lost-page',
  imports: [FormFoot, Icon, PasswordField, RouterLink],
  templateUrl: './keys-lost-page.html',
  styleUrls: ['./door.css', './keys-lost-page.css'],
})
export class KeysLostPage {
  readonly #account = inject(Account);
  readonly #failureWords = inject(FailureWords);
  readonly #router = inject(Router);
  protected readonly storage = inject(KeptStorage);
  protected readonly t = laterWords();
  protected readonly machine = deviceOf(navigator.userAgent).machine;
  protected readonly toldHint = `account.lost.toldHint.${this.machine}` as const;
  protected readonly icons = { circleCheck, circleX, device: DEVICES[this.machine], drive, pin };
  /** Where somebody wanted to go. */
  readonly to = input<string>();

  protected readonly username = this.#account.lostBy() ?? '';
  protected readonly elsewhere = computed(() => ({ who: 'other', ...(this.to() && { to: this.to() }) }));
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly failure = signal('');

  protected async restore(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    if (!this.password()) return this.failure.set(this.t('keys.missing'));
    this.busy.set(true);
    this.failure.set('');
    const outcome = await this.#account.signIn({ username: this.username, password: this.password() });
    this.busy.set(false);
    if (!outcome.ok) return this.failure.set(this.#say(outcome.error));
    // As it says below the form; a browser may put the question to the person.
    void this.storage.ask();
    await this.#router.navigateByUrl(insideOf(this.to()), { replaceUrl: true });
  }

  #say(failure: Failure): string {
    if (isWrongPassword(failure)) return this.t('account.lost.wrong', { name: this.username });
    return this.#failureWords.say(failure);
  }
}
