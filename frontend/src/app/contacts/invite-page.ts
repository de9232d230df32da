import { afterNextRender, Component, type ElementRef, inject, Injector, signal, viewChild } from '@angular/core';
import chevron from 'lucide-static/icons/chevron-right.svg';
import type { Invitation, LinkedInvitation } from '#protocol/api/invitations';
import { spacedCode } from '#protocol/invitation-code';
import { Dates } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { Words } from '../../i18n/words';
import { FailureWords } from '../account/failure-words';
import { FormFoot } from '../look/form-foot';
import { HandedLink } from '../look/handed-link';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { SelectField } from '../look/select-field';
import { Toast } from '../look/toast';
import { Invitations } from './invitations';

/** Makes invitations for those who are not here yet, shows a fresh one, and lists those that are open. */
@Component({
  selector: 'parley-invite-page',
  imports: [FormFoot, HandedLink, Icon, PageHeader, SelectField],
  templateUrl: './invite-page.html',
  styleUrl: './invite-page.css',
})
export class InvitePage {
  readonly #invitations = inject(Invitations);
  readonly #failureWords = inject(FailureWords);
  readonly #toast = inject(Toast);
  readonly #injector = inject(Injector);
  private readonly first = viewChild<ElementRef<HTMLElement>>('first');
  protected readonly dates = inject(Dates);
  protected readonly t = laterWords();
  protected readonly count = inject(Words).count;
  protected readonly icons = { chevron };
  protected readonly spaced = spacedCode;
  protected readonly persons = (many: number): string => this.count('invitations.make.persons', many);
  protected readonly forDays = (many: number): string => this.count('invitations.make.forDays', many);

  protected readonly uses = signal(1);
  protected readonly days = signal(7);
  protected readonly busy = signal(false);
  protected readonly failure = signal('');
  protected readonly made = signal<LinkedInvitation | undefined>(undefined);
  protected readonly open = signal<readonly Invitation[]>([]);

  constructor() {
    void this.#look();
  }

  /** A link to the invitation; the code is behind the `#`, where no server sees it. */
  protected link({ origins, code }: LinkedInvitation, at: number): string {
    return `${origins[at] ?? location.origin}/invite#${code}`;
  }

  /** For how many, and until when. */
  protected validity({ uses, expiresAt }: LinkedInvitation): string {
    return this.t('invitations.make.for', { people: this.persons(uses), when: this.dates.moment(expiresAt) });
  }

  protected async make(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    const answer = await this.#invitations.make({ uses: this.uses(), days: this.days() });
    this.busy.set(false);
    this.failure.set(answer.ok ? '' : this.#failureWords.say(answer.error));
    if (answer.ok) this.#show(answer.value);
    await this.#look();
  }

  protected async revoke({ id }: Invitation): Promise<void> {
    const answer = await this.#invitations.revoke(id);
    if (answer.ok && this.made()?.id === id) this.made.set(undefined);
    this.#toast.say(answer.ok ? this.t('invitations.make.revoked') : this.#failureWords.say(answer.error));
    await this.#look();
  }

  protected again(): void {
    this.#show(undefined);
  }

  /** What had the focus is gone with what was shown before. */
  #show(made: LinkedInvitation | undefined): void {
    this.made.set(made);
    afterNextRender(() => this.first()?.nativeElement.focus(), { injector: this.#injector });
  }

  async #look(): Promise<void> {
    const answer = await this.#invitations.open();
    if (answer.ok) this.open.set(answer.value);
    else this.failure.set(this.#failureWords.say(answer.error));
  }
}
