import { Component, computed, effect, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { installation } from '#protocol/api/account';
import { resetAccount } from '#protocol/api/admin';
import { err, type Result } from '#protocol/result';
import { laterWords } from '../../i18n/later-words';
import { FormFoot } from '../look/form-foot';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { FailureWords } from './failure-words';
import { call, type Failure } from './fetch-json';
import { loginSecret } from './login-secret';
import { NewPassword } from './new-password';
import { readLink } from './read-code';

/** A new password by a link of the admin's; what is typed becomes a secret here, as at every sign-in. */
@Component({
  selector: 'parley-reset-page',
  imports: [FormFoot, Icon, NewPassword, RouterLink],
  template: `
    <main>
      <div>
        <parley-icon class="mark" [svg]="mark" />
        <h1 tabindex="-1">{{ t('invitations.reset.title') }}</h1>
        <div role="alert">
          @if (failure()) {
            <p class="note bad">{{ failure() }}</p>
          }
        </div>
      </div>
      <div>
        @if (done()) {
          <p class="lead" role="status">{{ t('invitations.reset.done') }}</p>
        } @else if (account(); as whose) {
          <p class="lead">
            {{ t('invitations.reset.lead', { name: whose.displayName, username: whose.username }) }}
          </p>
          <form (submit)="$event.preventDefault(); change()" novalidate>
            <parley-new-password
              [label]="t('invitations.reset.next')"
              [(value)]="password"
              [names]="[whose.username, whose.displayName]"
              [username]="whose.username"
            />
            <parley-form-foot
              [action]="t('invitations.reset.action')"
              [doing]="t('invitations.reset.busy')"
              [busy]="busy()"
            />
          </form>
        } @else if (!failure()) {
          <p class="lead" role="status">{{ t('invitations.asking') }}</p>
        }
        @if (account() || failure()) {
          <a class="button wide" [class.text]="!done()" routerLink="/sign-in">{{ t('account.signIn.title') }}</a>
        }
      </div>
    </main>
  `,
  styleUrl: './door.css',
})
export class ResetPage {
  readonly #failureWords = inject(FailureWords);
  protected readonly t = laterWords();
  protected readonly mark = mark;
  readonly #fragment = toSignal(inject(ActivatedRoute).fragment, { initialValue: null });
  readonly #code = computed(() => readLink(this.#fragment()));

  protected readonly account = signal<{ username: string; displayName: string } | undefined>(undefined);
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly done = signal(false);
  protected readonly failure = signal('');
  private readonly newPassword = viewChild(NewPassword);

  constructor() {
    effect(() => void this.#look(this.#code()));
  }

  async #look(code: string | undefined): Promise<void> {
    if (code === undefined) return this.failure.set(this.t('invitations.reset.over'));
    const answer = await call('POST', '/api/auth/reset/open', { body: { code }, answer: resetAccount });
    if (answer.ok) this.account.set(answer.value);
    this.failure.set(answer.ok ? '' : this.#why(answer.error));
  }

  protected async change(): Promise<void> {
    const [code, whose] = [this.#code(), this.account()];
    if (this.busy() || code === undefined || whose === undefined) return;
    if (!this.newPassword()?.attempt()) return;
    this.busy.set(true);
    const answer = await this.#send(code, whose.username);
    this.busy.set(false);
    this.done.set(answer.ok);
    this.failure.set(answer.ok ? '' : this.#why(answer.error));
  }

  async #send(code: string, username: string): Promise<Result<void, Failure>> {
    const about = await call('GET', '/api/installation', { answer: installation });
    if (!about.ok) return err(about.error);
    const secret = await loginSecret(this.password(), username, about.value.id);
    return call('POST', '/api/auth/reset', { body: { code, loginSecret: secret } });
  }

  #why(failure: Failure): string {
    const isOver = failure.kind === 'problem' && failure.problem.type === 'invalid-code';
    return isOver ? this.t('invitations.reset.over') : this.#failureWords.say(failure);
  }
}
