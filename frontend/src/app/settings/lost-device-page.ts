import { Component, computed, inject, input, linkedSignal, signal, type Signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import circleCheck from 'lucide-static/icons/circle-check.svg';
import key from 'lucide-static/icons/key-round.svg';
import logOut from 'lucide-static/icons/log-out.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import users from 'lucide-static/icons/users-round.svg';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { OwnKeys } from '../crypto/own-keys';
import { ShuttingOut } from '../crypto/shutting-out';
import { Icon } from '../look/icon';
import { NotChangedWords } from './not-changed-words';
import { OwnDevices } from './own-devices';
import { type NotChanged, PasswordChange } from './password-change';
import { SettingPage } from './setting-page';
import { ShutOut } from './shut-out';

interface Fact {
  readonly icon: string;
  readonly class?: string;
  readonly name: Key;
  readonly line: string;
}

/** A device was lost or stolen, or somebody may know the password: what is made new, said before it is done. */
@Component({
  selector: 'parley-lost-device-page',
  imports: [Icon, PasswordChange, RouterLink, SettingPage],
  templateUrl: './lost-device-page.html',
  styleUrl: './lost-device-page.css',
})
export class LostDevicePage {
  /** Of the address: the device that is lost; without it no certain one. */
  readonly device = input<string>();

  protected readonly t = laterWords();
  readonly #router = inject(Router);
  readonly #devices = inject(OwnDevices);
  readonly #shutOut = inject(ShutOut);
  readonly #words = inject(NotChangedWords);
  protected readonly icons = { shieldAlert };
  readonly #isRunning = signal(false);
  readonly #begun = inject(ShuttingOut);

  protected readonly state = this.#held(inject(OwnKeys).state);
  protected readonly isUnfinished = this.#held(() => this.#begun.replaces() !== null);
  protected readonly lost = this.#held(() =>
    this.#devices.all()?.find(({ id, current }) => id === this.device() && !current),
  );
  protected readonly facts = computed((): readonly Fact[] => {
    const name = this.lost()?.name;
    return [
      {
        icon: logOut,
        name: 'settings.lost.out',
        line: name === undefined ? this.t('settings.lost.outAll') : this.t('settings.lost.outIt', { name }),
      },
      { icon: key, name: 'settings.lost.keys', line: this.t('settings.lost.keysHint') },
      { icon: shieldCheck, name: 'settings.lost.code', line: this.t('settings.lost.codeHint') },
      { icon: users, name: 'settings.lost.told', line: this.t('settings.lost.toldHint') },
      { icon: circleCheck, class: 'good', name: 'keys.new.stays', line: this.t('settings.lost.staysHint') },
    ];
  });

  protected readonly change = async (current: string, next: string): Promise<NotChanged | null> => {
    this.#isRunning.set(true);
    const done = await this.#shutOut.run(current, next, this.lost()?.id ?? null);
    this.#isRunning.set(false);
    if (done.ok) {
      await this.#router.navigateByUrl('/settings/recovery-code', { replaceUrl: true });
      return null;
    }
    return done.error === 'half' ? { failure: this.t('settings.lost.half') } : this.#words.of(done.error);
  };

  /** The person does not want it any more. */
  protected async leave(): Promise<void> {
    this.#begun.over();
    await this.#router.navigateByUrl('/settings/devices', { replaceUrl: true });
  }

  /** While it runs the page stays as it is: devices go and keys come meanwhile. */
  #held<T>(now: () => T): Signal<T> {
    return linkedSignal<{ now: T; isRunning: boolean }, T>({
      source: () => ({ now: now(), isRunning: this.#isRunning() }),
      computation: (source, before) => (source.isRunning && before ? before.value : source.now),
    });
  }
}
