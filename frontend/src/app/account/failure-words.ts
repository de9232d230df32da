import { inject, Service } from '@angular/core';
import type { ProblemType } from '#protocol/api/problem';
import { type Key, Words } from '../../i18n/words';
import type { Failure } from './fetch-json';

const SENTENCES: Partial<Record<ProblemType, Key>> = {
  'wrong-credentials': 'account.failure.wrongCredentials',
  'username-taken': 'account.failure.usernameTaken',
  'sign-up-closed': 'account.failure.signUpClosed',
  'invitation-needed': 'invitations.failure.needed',
  'invalid-code': 'invitations.failure.invalid',
  forbidden: 'invitations.failure.forbidden',
  'too-large': 'account.failure.tooLarge',
  'unsupported-media-type': 'account.failure.unsupported',
  'not-found': 'account.failure.gone',
  'not-contacts': 'account.failure.notContacts',
  'last-admin': 'account.failure.lastAdmin',
  'sign-in-required': 'account.failure.signInRequired',
  unauthorized: 'account.failure.signInRequired',
};

/** Says in a person's words why a request brought nothing, and what to do. */
@Service()
export class FailureWords {
  readonly #words = inject(Words);

  /** One whole sentence; never the server's own text, which is for people who read logs. */
  say(failure: Failure): string {
    if (failure.kind === 'unreachable') return this.#words.t('account.failure.unreachable');
    if (failure.kind === 'unreadable') return this.#words.t('account.failure.unknown');
    const { type, retryMs } = failure.problem;
    const known = SENTENCES[type];
    if (known) return this.#words.t(known);
    if (retryMs !== undefined) return this.#wait(retryMs);
    return this.#words.t('account.failure.unknown');
  }

  #wait(retryMs: number): string {
    const seconds = Math.max(1, Math.ceil(retryMs / 1_000));
    return seconds < 90
      ? this.#words.count('account.failure.waitSeconds', seconds)
      : this.#words.count('account.failure.waitMinutes', Math.ceil(seconds / 60));
  }
}
