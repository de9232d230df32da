import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import keyRound from 'lucide-static/icons/key-round.svg';
import trash from 'lucide-static/icons/trash-2.svg';
import { normalizeDisplayName } from '#protocol/display-name';
import { laterWords } from '../../i18n/later-words';
import { Account } from '../account/account';
import { FailureWords } from '../account/failure-words';
import { NameWords } from '../account/name-words';
import { Avatar } from '../contacts/avatar';
import { Icon } from '../look/icon';
import { TextField } from '../look/text-field';
import { Toast } from '../look/toast';
import { OwnAccount } from './own-account';
import { SettingPage } from './setting-page';

/** One's own name and picture. */
@Component({
  selector: 'parley-profile-page',
  imports: [Avatar, Icon, RouterLink, SettingPage, TextField],
  templateUrl: './profile-page.html',
  styleUrl: './profile-page.css',
})
export class ProfilePage {
  protected readonly t = laterWords();
  protected readonly me = inject(Account).me;
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #nameWords = inject(NameWords);
  readonly #toast = inject(Toast);
  protected readonly keyRound = keyRound;
  protected readonly trash = trash;

  protected readonly name = linkedSignal(() => this.me()?.displayName ?? '');
  protected readonly busy = signal(false);
  protected readonly nameHint = computed(() => this.#nameWords.about(this.name()));
  protected readonly changed = computed(
    () => this.nameHint() === '' && normalizeDisplayName(this.name()) !== this.me()?.displayName,
  );

  protected async save(): Promise<void> {
    await this.#do(() => this.#own.rename(normalizeDisplayName(this.name())));
  }

  protected async choose(event: Event): Promise<void> {
    const { target } = event;
    const file = target instanceof HTMLInputElement ? target.files?.[0] : undefined;
    if (file) await this.#do(() => this.#own.picture(file));
    if (target instanceof HTMLInputElement) target.value = ''; // the same file can be chosen again
  }

  protected async removePicture(): Promise<void> {
    await this.#do(() => this.#own.removePicture());
  }

  async #do(change: () => ReturnType<OwnAccount['picture']>): Promise<void> {
    this.busy.set(true);
    const done = await change();
    this.busy.set(false);
    if (done.ok) this.#toast.say(this.t('settings.profile.saved'));
    else if (done.error === 'unusable') this.#toast.say(this.t('settings.profile.pictureFailed'));
    else this.#toast.say(this.#failures.say(done.error));
  }
}
