import { Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Person } from '#protocol/api/account';
import ban from 'lucide-static/icons/ban.svg';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import shield from 'lucide-static/icons/shield.svg';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import userMinus from 'lucide-static/icons/user-minus.svg';
import { laterWords } from '../../i18n/later-words';
import { userIdIn } from '../account/no-id';
import { TrustOf } from '../crypto/trust-of';
import { Back } from '../look/back';
import { Confirm } from '../look/confirm';
import { EmptyState } from '../look/empty-state';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { PageTitle } from '../look/page-title';
import { Avatar } from './avatar';
import { CallButtons } from './call-buttons';
import { ContactAction } from './contact-action';
import { Contacts } from './contacts';
import { PresenceWords } from './presence-words';

/** One person: who they are, how to reach them, and how to part from them. */
@Component({
  selector: 'parley-person-page',
  imports: [Avatar, CallButtons, EmptyState, Icon, PageHeader, RouterLink],
  templateUrl: './person-page.html',
  styleUrl: './person-page.css',
})
export class PersonPage {
  readonly #contacts = inject(Contacts);
  readonly #confirm = inject(Confirm);
  readonly #back = inject(Back);
  protected readonly action = inject(ContactAction);
  protected readonly presence = inject(PresenceWords);
  protected readonly t = laterWords();
  protected readonly icons = { ban, messageCircle, shield, shieldCheck, userMinus };

  readonly userId = input.required({ transform: userIdIn });

  protected readonly contact = computed(() => this.#contacts.of(this.userId()));
  readonly #trust = inject(TrustOf);
  /** `pinned`: known by the identity of the first contact, which nobody has compared. */
  protected readonly known = computed(() =>
    this.contact()?.state === 'accepted' ? this.#trust.of(this.userId()) : undefined,
  );
  protected readonly isLoading = computed(() => this.#contacts.status() === 'loading');
  protected readonly busy = computed(() => this.action.isBusy(this.userId()));

  constructor() {
    const title = inject(PageTitle);
    effect(() => title.showName(this.contact()?.person.displayName ?? ''));
  }

  protected async block({ id, displayName: name }: Person): Promise<void> {
    const yes = await this.#confirm.ask({
      title: this.t('contacts.block.title', { name }),
      sentence: this.t('contacts.block.sentence', { name }),
      action: this.t('contacts.block.action'),
      danger: true,
    });
    if (yes) await this.action.run(id, 'block');
  }

  protected async remove({ id, displayName: name }: Person): Promise<void> {
    const yes = await this.#confirm.ask({
      title: this.t('contacts.remove.title', { name }),
      sentence: this.t('contacts.remove.sentence', { name }),
      action: this.t('contacts.remove.action'),
      danger: true,
    });
    if (yes && (await this.action.run(id, 'remove'))) await this.#back.go('/contacts');
  }
}
