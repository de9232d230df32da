import { ChangeDetectionStrategy, Component, effect, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { acceptedInvitation, type AcceptedInvitation } from '#protocol/api/invitations';
import { Words } from '../../i18n/words';
import { Api } from '../account/api';
import { hasComeBy } from '../account/came-by';
import { FailureWords } from '../account/failure-words';
import { readInvitation } from '../account/read-code';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { Contacts } from './contacts';

/** An invitation that somebody opens who has an account: they become contacts, or hear that they are. */
@Component({
  selector: 'parley-accept-invitation-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, RouterLink],
  template: `
    <main>
      <parley-icon class="mark" [svg]="mark" />
      <h1 tabindex="-1">{{ t('invitations.accept.title') }}</h1>
      <div role="status">
        @if (accepted(); as done) {
          <p class="lead">{{ sentence(done) }}</p>
        } @else if (failure()) {
          <p class="note bad">{{ failure() }}</p>
        } @else {
          <p class="lead">{{ t('invitations.accept.busy') }}</p>
        }
      </div>
      @if (accepted()?.contact; as contact) {
        <a class="button wide" [routerLink]="['/contacts', contact.person.id]">
          {{ t('invitations.accept.write', { name: contact.person.displayName }) }}
        </a>
      }
      <a class="button text wide" routerLink="/chats">{{ t('invitations.accept.home') }}</a>
    </main>
  `,
  styleUrl: '../account/door.css',
})
export class AcceptInvitationPage {
  readonly #api = inject(Api);
  readonly #contacts = inject(Contacts);
  readonly #failureWords = inject(FailureWords);
  readonly #router = inject(Router);
  protected readonly t = inject(Words).t;
  protected readonly mark = mark;
  protected readonly accepted = signal<AcceptedInvitation | undefined>(undefined);
  protected readonly failure = signal('');
  readonly #fragment = toSignal(inject(ActivatedRoute).fragment, { initialValue: null });

  constructor() {
    effect(() => void this.#accept(readInvitation(this.#fragment() ?? '')));
  }

  protected sentence({ outcome, contact }: AcceptedInvitation): string {
    return this.t(`invitations.accept.${outcome}`, { name: contact?.person.displayName ?? '' });
  }

  async #accept(code: string | undefined): Promise<void> {
    if (code === undefined || hasComeBy(code)) return void this.#router.navigateByUrl('/chats');
    const answer = await this.#api.request('POST', '/api/invitations/accept', {
      body: { code },
      answer: acceptedInvitation,
    });
    if (!answer.ok) return this.failure.set(this.#failureWords.say(answer.error));
    this.accepted.set(answer.value);
    await this.#contacts.refresh();
  }
}
