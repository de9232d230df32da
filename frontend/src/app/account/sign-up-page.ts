import { Component, computed, effect, inject, input, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import circleCheck from 'lucide-static/icons/circle-check.svg';
import { laterWords } from '../../i18n/later-words';
import { type Key, Words } from '../../i18n/words';
import { FormFoot } from '../look/form-foot';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { TextField } from '../look/text-field';
import { TrustMissing } from '../worker/trust-missing';
import { installableWith } from '../worker/installable-with';
import { Account } from './account';
import { hasComeBy, rememberArrival } from './came-by';
import { CodeEntry } from './code-entry';
import { FailureWords } from './failure-words';
import { NameWords } from './name-words';
import { InvitationCard } from './invitation-card';
import { NewcomerDoor } from './newcomer';
import { NewPassword } from './new-password';
import { readInvitation } from './read-code';
import { type NameState, UsernameCheck } from './username-check';
import { insideOf } from './wanted';

const NAME_HINTS: Record<NameState, Key> = {
  empty: 'account.signUp.usernameHint',
  short: 'account.signUp.usernameShort',
  letters: 'account.signUp.usernameLetters',
  asking: 'account.signUp.usernameAsking',
  free: 'account.signUp.usernameHint',
  taken: 'account.failure.usernameTaken',
  unsure: 'account.signUp.usernameHint',
};

/** The door for those who are new. What was typed stays, whatever the server says. */
@Component({
  selector: 'parley-sign-up-page',
  imports: [CodeEntry, FormFoot, Icon, InvitationCard, NewPassword, RouterLink, TextField, TrustMissing],
  providers: [NewcomerDoor, UsernameCheck],
  templateUrl: './sign-up-page.html',
  styleUrl: './door.css',
})
export class SignUpPage {
  readonly #account = inject(Account);
  readonly #failureWords = inject(FailureWords);
  readonly #nameWords = inject(NameWords);
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  protected readonly door = inject(NewcomerDoor);
  protected readonly username = inject(UsernameCheck);
  readonly #words = inject(Words);
  protected readonly t = laterWords();
  protected readonly icons = { mark, circleCheck };

  /** Where somebody wanted to go. */
  readonly to = input<string>();
  readonly #fragment = toSignal(this.#route.fragment, { initialValue: null });
  protected readonly state = this.door.state;
  readonly #form = computed(() => {
    const state = this.state();
    return state.is === 'form' ? state : undefined;
  });
  /** What somebody came with, who has an account: it is opened once they are in. */
  protected readonly kept = computed(() => this.#form()?.shown.invitation ?? this.#form()?.shown.setUp);
  protected readonly by = computed(() => this.#form()?.by);
  protected readonly inviter = computed(() => this.#form()?.inviter);
  protected readonly wrong = computed(() => {
    const state = this.state();
    return state.is === 'code' && state.wrong;
  });
  protected readonly noAdmin = computed(() => {
    const state = this.state();
    return state.is === 'code' && state.setUp;
  });
  protected readonly why = computed((): Key => {
    const state = this.state();
    return state.is === 'shut' && state.why === 'set-up-used'
      ? 'invitations.setUp.used'
      : 'account.failure.signUpClosed';
  });

  protected readonly name = signal('');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  /** Why the server did not take it. */
  readonly #refusal = signal('');
  /** Whether somebody has tried: only then is what is still empty called wrong. */
  protected readonly tried = signal(false);

  private readonly newPassword = viewChild(NewPassword);
  protected readonly nameHint = computed(() => {
    // Of a field that nobody has come to yet nothing is said.
    return this.tried() || this.name() !== '' ? this.#nameWords.about(this.name()) : '';
  });
  protected readonly usernameWrong = computed(() => {
    const state = this.username.state();
    return state === 'letters' || state === 'taken' || (this.tried() && (state === 'empty' || state === 'short'));
  });
  protected readonly usernameHint = computed(() => this.t(NAME_HINTS[this.username.state()]));
  /** The labels of the fields that cannot be sent as they are. */
  readonly #unusable = computed((): Key[] => {
    const fields: [boolean, Key][] = [
      [this.nameHint() !== '', 'account.name'],
      [this.usernameWrong(), 'account.username'],
      [this.newPassword()?.isAccepted() !== true, 'account.password'],
    ];
    return fields.filter(([isUnusable]) => isUnusable).map(([, label]) => label);
  });
  /** Which fields need attention is said until none does; then why the server refused, if it did. */
  protected readonly failure = computed(() => {
    if (!this.tried() || this.#unusable().length === 0) return this.#refusal();
    const fields = new Intl.ListFormat(this.#words.language()).format(this.#unusable().map(label => this.t(label)));
    return this.t('account.signUp.mend', { fields });
  });

  constructor() {
    effect(() => this.username.shown.set(this.#form()?.shown ?? {}));
    effect(() => void this.#arrive(this.#fragment()));
  }

  /** By its address: with an invitation, with the set-up link, or with nothing. */
  async #arrive(fragment: string | null): Promise<void> {
    const path = this.#route.snapshot.routeConfig?.path;
    const code = path === 'invite' ? readInvitation(fragment ?? '') : undefined;
    if (code !== undefined && hasComeBy(code)) return void this.#router.navigateByUrl('/sign-in', { replaceUrl: true });
    await this.door.arrive({ path: path === 'invite' || path === 'set-up' ? path : 'sign-up', fragment });
    // An app that is installed from here starts with the code; where that cannot be, it is typed there.
    if (code !== undefined && this.by() === 'invitation') await installableWith(code).catch(() => undefined);
  }

  protected async signUp(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    this.tried.set(true);
    this.newPassword()?.attempt();
    this.#refusal.set('');
    if (this.#unusable().length > 0) return;
    this.busy.set(true);
    const typed = { username: this.username.typed(), password: this.password(), displayName: this.name() };
    const shown = this.#form()?.shown ?? {};
    const outcome = await this.#account.register(typed, shown);
    this.busy.set(false);
    if (outcome.ok && shown.invitation !== undefined) rememberArrival(shown.invitation);
    if (outcome.ok) await this.#router.navigateByUrl(insideOf(this.to()), { replaceUrl: true });
    else this.#refusal.set(this.#failureWords.say(outcome.error));
  }
}
