import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, inject, signal } from '@angular/core';
import chevron from 'lucide-static/icons/chevron-right.svg';
import { installation, type InstallationInfo } from '#protocol/api/account';
import { account, type AdminAccount, resetLink } from '#protocol/api/admin';
import type { UserId } from '#protocol/ids';
import { page } from '#protocol/api/page';
import type { Result } from '#protocol/result';
import { Dates } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { Account } from '../account/account';
import { Api } from '../account/api';
import { FailureWords } from '../account/failure-words';
import { type Failure, type Method } from '../account/fetch-json';
import { Avatar } from '../contacts/avatar';
import { Confirm } from '../look/confirm';
import { HandedLink } from '../look/handed-link';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { SettingPage } from './setting-page';

/** For admins: who has an account here, and what can be done for and against it. The server asks its own rows who may. */
@Component({
  selector: 'parley-accounts-page',
  imports: [Avatar, HandedLink, Icon, NgTemplateOutlet, SettingPage],
  templateUrl: './accounts-page.html',
  styleUrl: './accounts-page.css',
})
export class AccountsPage {
  readonly #api = inject(Api);
  readonly #failureWords = inject(FailureWords);
  readonly #confirm = inject(Confirm);
  readonly #toast = inject(Toast);
  protected readonly me = inject(Account).me;
  protected readonly dates = inject(Dates);
  protected readonly t = laterWords();
  protected readonly chevron = chevron;

  readonly #about = signal<InstallationInfo | undefined>(undefined);
  protected readonly mode = computed((): Key | undefined => {
    const about = this.#about();
    return about && `admin.mode.${about.signUp}`;
  });
  protected readonly accounts = signal<readonly AdminAccount[]>([]);
  protected readonly next = signal<string | undefined>(undefined);
  protected readonly failure = signal('');
  /** The one made last; its code is seen only now. */
  protected readonly link = signal<{ id: UserId; link: string; expiresAt: number } | undefined>(undefined);

  constructor() {
    void this.look();
    void this.#api
      .request('GET', '/api/installation', { answer: installation })
      .then(about => about.ok && this.#about.set(about.value));
  }

  protected line({ id, username, lastSeen }: AdminAccount): string {
    if (id === this.me()?.id) return `@${username} · ${this.t('admin.you')}`;
    const seen = lastSeen === undefined ? 'admin.never' : 'admin.seen';
    return `@${username} · ${this.t(seen, { when: this.dates.moment(lastSeen ?? 0) })}`;
  }

  protected marks({ role, disabled }: AdminAccount): readonly Key[] {
    return [role === 'admin' ? ('admin.isAdmin' as const) : [], disabled ? ('admin.isDisabled' as const) : []].flat();
  }

  protected async look(): Promise<void> {
    this.accounts.set(await this.#page(undefined));
  }

  protected async more(): Promise<void> {
    const further = await this.#page(this.next());
    this.accounts.update(accounts => [...accounts, ...further]);
  }

  async #page(cursor: string | undefined): Promise<readonly AdminAccount[]> {
    const behind = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await this.#api.request('GET', `/api/admin/accounts?limit=50${behind}`, { answer: page(account) });
    this.failure.set(answer.ok ? '' : this.#failureWords.say(answer.error));
    if (answer.ok) this.next.set(answer.value.next);
    return answer.ok ? answer.value.items : [];
  }

  protected async disable(one: AdminAccount): Promise<void> {
    if (await this.#sure(one, 'disable')) await this.#act('POST', one, '/disable', { ...one, disabled: true });
  }

  protected enable(one: AdminAccount): Promise<void> {
    return this.#act('POST', one, '/enable', { ...one, disabled: false });
  }

  protected async remove(one: AdminAccount): Promise<void> {
    if (await this.#sure(one, 'delete')) await this.#act('DELETE', one, '', undefined);
  }

  protected async reset({ id }: AdminAccount): Promise<void> {
    const answer = await this.#api.request('POST', `/api/admin/accounts/${id}/reset`, { answer: resetLink });
    if (!answer.ok) return this.#toast.say(this.#failureWords.say(answer.error));
    const { origins, code, expiresAt } = answer.value;
    this.link.set({ id, link: `${origins[0] ?? location.origin}/reset#${code}`, expiresAt });
  }

  #sure({ displayName: name }: AdminAccount, what: 'disable' | 'delete'): Promise<boolean> {
    return this.#confirm.ask({
      title: this.t(`admin.${what}Sure`, { name }),
      sentence: this.t(`admin.${what}Sentence`),
      action: this.t(`admin.${what}`),
      danger: true,
    });
  }

  /** Does it, and shows the account as it is then; none where it is gone. */
  async #act(method: Method, { id }: AdminAccount, path: string, then: AdminAccount | undefined): Promise<void> {
    const answer: Result<void, Failure> = await this.#api.request(method, `/api/admin/accounts/${id}${path}`);
    this.#toast.say(answer.ok ? this.t('admin.done') : this.#failureWords.say(answer.error));
    if (answer.ok) this.accounts.update(all => all.flatMap(one => (one.id === id ? (then ?? []) : one)));
  }
}
