import { Component, effect, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { me } from '#protocol/api/account';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { Account } from './account';
import { Api } from './api';
import { FailureWords } from './failure-words';
import { readLink } from './read-code';

/** The set-up link, opened by somebody who has an account: it becomes the admin's, where nobody is admin yet. */
@Component({
  selector: 'parley-claim-page',
  imports: [Icon, RouterLink],
  template: `
    <main>
      <div>
        <parley-icon class="mark" [svg]="mark" />
        <h1 tabindex="-1">{{ t('invitations.claim.title') }}</h1>
        <p class="lead" role="status">{{ sentence() }}</p>
      </div>
      <div>
        @if (done()) {
          <a class="button wide" routerLink="/settings/accounts">{{ t('invitations.claim.accounts') }}</a>
        }
        <a class="button text wide" routerLink="/chats">{{ t('invitations.accept.home') }}</a>
      </div>
    </main>
  `,
  styleUrl: './door.css',
})
export class ClaimPage {
  readonly #api = inject(Api);
  readonly #account = inject(Account);
  readonly #failureWords = inject(FailureWords);
  protected readonly t = laterWords();
  protected readonly mark = mark;
  protected readonly done = signal(false);
  protected readonly sentence = signal(this.t('invitations.claim.busy'));
  readonly #fragment = toSignal(inject(ActivatedRoute).fragment, { initialValue: null });

  constructor() {
    effect(() => void this.#claim(readLink(this.#fragment())));
  }

  async #claim(code: string | undefined): Promise<void> {
    if (code === undefined) return this.sentence.set(this.t('invitations.setUp.used'));
    const answer = await this.#api.request('POST', '/api/set-up/claim', { body: { code }, answer: me });
    if (answer.ok) {
      await this.#account.changed(answer.value);
      this.done.set(true);
      return this.sentence.set(this.t('invitations.claim.done'));
    }
    const isUsed = answer.error.kind === 'problem' && answer.error.problem.type === 'invalid-code';
    this.sentence.set(isUsed ? this.t('invitations.setUp.used') : this.#failureWords.say(answer.error));
  }
}
