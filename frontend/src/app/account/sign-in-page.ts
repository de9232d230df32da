import { Component, inject, input, signal } from '@angular/core';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { installation } from '#protocol/api/account';
import { Words } from '../../i18n/words';
import { FormFoot } from '../look/form-foot';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { TextField } from '../look/text-field';
import { TrustMissing } from '../worker/trust-missing';
import { Account } from './account';
import { FailureWords } from './failure-words';
import { call } from './fetch-json';
import { PasswordField } from './password-field';
import { readInvitation, readLink } from './read-code';
import { WaitingNote } from './waiting-note';
import { insideOf } from './wanted';

/** The door for those who have an account. What was typed stays, whatever the server says. */
@Component({
  selector: 'parley-sign-in-page',
  imports: [FormFoot, Icon, PasswordField, RouterLink, TextField, TrustMissing, WaitingNote],
  templateUrl: './sign-in-page.html',
  styleUrl: './door.css',
})
export class SignInPage {
  readonly #account = inject(Account);
  readonly #failureWords = inject(FailureWords);
  readonly #router = inject(Router);
  readonly #kept = inject(ActivatedRoute).snapshot.fragment ?? '';
  protected readonly t = inject(Words).t;
  protected readonly mark = mark;
  protected readonly isInvited = readInvitation(this.#kept) !== undefined;

  /** Whether nobody has made the first account yet: it begins at the server's terminal. */
  protected readonly setUp = signal(false);

  constructor() {
    void call('GET', '/api/installation', { answer: installation }).then(
      about => about.ok && this.setUp.set(about.value.setUp === true),
    );
  }

  /**
   * `ended`: the server no longer takes this device's sign-in; `restored`: a backup does not know it yet; `remains`: the
   * browser did not delete everything of the person who signed out.
   */
  readonly why = input<string>();
  /** Where somebody wanted to go. */
  readonly to = input<string>();

  /** Whose unsent messages this device still has. */
  protected readonly waiting = this.#account.waiting;
  protected readonly username = signal('');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly failure = signal('');

  protected async signIn(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    if (!this.username().trim() || !this.password()) return this.failure.set(this.t('account.signIn.missing'));
    this.busy.set(true);
    this.failure.set('');
    const outcome = await this.#account.signIn({ username: this.username(), password: this.password() });
    this.busy.set(false);
    if (outcome.ok) await this.#goOn();
    else this.failure.set(this.#failureWords.say(outcome.error));
  }

  /** To the invitation or the set-up link by which somebody came who has an account, else where they wanted to go. */
  async #goOn(): Promise<void> {
    const [code, link] = [readInvitation(this.#kept), readLink(this.#kept)];
    if (code !== undefined) await this.#router.navigate(['/invite'], { fragment: code, replaceUrl: true });
    else if (link !== undefined) await this.#router.navigate(['/set-up'], { fragment: link, replaceUrl: true });
    else await this.#router.navigateByUrl(insideOf(this.to()), { replaceUrl: true });
  }
}
