import { Component, computed, effect, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { acceptedInvitation, type AcceptedInvitation } from '#protocol/api/invitations';
import { laterWords } from '../../i18n/later-words';
import { Api } from '../account/api';
import { hasComeBy } from '../account/came-by';
import { CodeEntry } from '../account/code-entry';
import { FailureWords } from '../account/failure-words';
import { readEntry, readInvitation } from '../account/read-code';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { Avatar } from './avatar';
import { Contacts } from './contacts';

/** An invitation that somebody opens or types who has an account: they become contacts, or hear that they are. */
@Component({
  selector: 'parley-accept-invitation-page',
  imports: [Avatar, CodeEntry, Icon, RouterLink],
  template: `
    <main>
      <div>
        @if (accepted()?.contact; as contact) {
          <parley-avatar [person]="contact.person" [dot]="false" style="--avatar-size: 4.5rem" />
        } @else {
          <parley-icon class="mark" [svg]="mark" />
        }
        <h1 tabindex="-1">{{ t('invitations.accept.title') }}</h1>
        <div role="status">
          @if (accepted(); as done) {
            <p class="lead">{{ sentence(done) }}</p>
          } @else if (failure()) {
            <p class="note bad">{{ failure() }}</p>
          } @else if (opening()) {
            <p class="lead">{{ t('invitations.accept.busy') }}</p>
          } @else {
            <p class="lead">{{ t('invitations.accept.enter') }}</p>
          }
        </div>
      </div>
      <div>
        @if (accepted()?.contact?.conversationId; as conversation) {
          <a class="button wide" [routerLink]="['/chats', conversation]">{{ t('invitations.accept.write') }}</a>
        } @else if (!accepted() && !opening()) {
          <parley-code-entry [wrong]="wrong()" (entry)="enter($event)" />
        }
        <a class="button text wide" routerLink="/chats">{{ t('invitations.accept.home') }}</a>
      </div>
    </main>
  `,
  styleUrl: '../account/door.css',
  styles: 'parley-avatar { margin-bottom: 20px }',
})
export class AcceptInvitationPage {
  readonly #api = inject(Api);
  readonly #contacts = inject(Contacts);
  readonly #failureWords = inject(FailureWords);
  readonly #router = inject(Router);
  protected readonly t = laterWords();
  protected readonly mark = mark;
  /** By the link; what is typed stays in its field meanwhile. */
  protected readonly opening = signal(false);
  protected readonly accepted = signal<AcceptedInvitation | undefined>(undefined);
  protected readonly failure = signal('');
  /** The server does not know the code; what else can fail is said above the field. */
  protected readonly wrong = signal(false);
  readonly #fragment = toSignal(inject(ActivatedRoute).fragment, { initialValue: null });
  readonly #linked = computed(() => readInvitation(this.#fragment() ?? ''));

  constructor() {
    effect(() => {
      const code = this.#linked();
      if (code === undefined) return this.wrong.set(this.#fragment() !== null);
      // An app that was installed from an invitation opens it at each start.
      if (hasComeBy(code)) void this.#router.navigateByUrl('/chats', { replaceUrl: true });
      else void this.#open(code);
    });
  }

  protected sentence({ outcome, contact }: AcceptedInvitation): string {
    return this.t(`invitations.accept.${outcome}`, { name: contact?.person.displayName ?? '' });
  }

  protected enter(text: string): void {
    const entry = readEntry(text);
    if (entry && 'setUp' in entry) void this.#router.navigate(['/set-up'], { fragment: entry.setUp });
    else if (entry) void this.#accept(entry.invitation);
  }

  async #open(code: string): Promise<void> {
    this.opening.set(true);
    await this.#accept(code);
    this.opening.set(false);
  }

  async #accept(code: string): Promise<void> {
    this.failure.set('');
    const body = { code };
    const answer = await this.#api.request('POST', '/api/invitations/accept', { body, answer: acceptedInvitation });
    const isWrong = !answer.ok && answer.error.kind === 'problem' && answer.error.problem.type === 'invalid-code';
    this.wrong.set(isWrong);
    if (!answer.ok) return this.failure.set(isWrong ? '' : this.#failureWords.say(answer.error));
    this.accepted.set(answer.value);
    await this.#contacts.refresh();
  }
}
