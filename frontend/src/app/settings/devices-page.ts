import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import chevron from 'lucide-static/icons/chevron-right.svg';
import key from 'lucide-static/icons/key-round.svg';
import laptop from 'lucide-static/icons/laptop.svg';
import logOut from 'lucide-static/icons/log-out.svg';
import monitor from 'lucide-static/icons/monitor.svg';
import scan from 'lucide-static/icons/scan-line.svg';
import smartphone from 'lucide-static/icons/smartphone.svg';
import type { Device } from '#protocol/api/account';
import { Dates } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { FailureWords } from '../account/failure-words';
import type { Failure } from '../account/fetch-json';
import { OwnKeys } from '../crypto/own-keys';
import { ShuttingOut } from '../crypto/shutting-out';
import { Confirm } from '../look/confirm';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { OwnAccount } from './own-account';
import { OwnDevices } from './own-devices';
import { RemoveDevice, type Whereabouts } from './remove-device';
import { SettingPage } from './setting-page';

/** Where one is signed in, and the way to end that. */
@Component({
  selector: 'parley-devices-page',
  imports: [Icon, RemoveDevice, RouterLink, SettingPage],
  templateUrl: './devices-page.html',
  styles: `
    .lead {
      padding-bottom: 4px;
    }

    .bad {
      color: var(--bad);
    }

    .unfinished {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      margin-bottom: 4px;
    }

    .unfinished p {
      flex: 1 1 12rem;
    }

    .unfinished .button {
      margin-inline-start: auto;
    }

    .wrap {
      white-space: normal;
    }

    .chevron {
      --icon-size: 1.25rem;
      color: var(--outline);
    }

    .card .row {
      padding: 10px 16px;
      border-radius: 0;
    }

    .new,
    .new .row-line {
      background: var(--accent-container);
      color: var(--on-accent-container);
    }
  `,
})
export class DevicesPage {
  protected readonly t = laterWords();
  protected readonly dates = inject(Dates);
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #confirm = inject(Confirm);
  readonly #toast = inject(Toast);
  readonly #router = inject(Router);
  protected readonly logOut = logOut;
  protected readonly chevron = chevron;
  protected readonly key = key;
  protected readonly scan = scan;
  readonly #keys = inject(OwnKeys).state;
  /** Else it is to be opened before there can be a code. */
  protected readonly hasKey = computed(() => this.#keys() === 'own');

  readonly #shuttingOut = inject(ShuttingOut);
  protected readonly isUnfinished = computed(() => this.#shuttingOut.replaces() !== null);
  /** The device that is to be removed, while it is asked where it is. */
  protected readonly asked = signal<Device | null>(null);

  readonly #devices = inject(OwnDevices);
  protected readonly failure = computed(() => {
    const failure = this.#devices.failure();
    return failure ? this.#failures.say(failure) : '';
  });
  protected readonly current = computed(() => this.#devices.all()?.find(device => device.current));
  protected readonly others = computed(() => this.#devices.all()?.filter(device => !device.current) ?? []);

  constructor() {
    void this.look();
  }

  protected look(): Promise<void> {
    return this.#devices.look();
  }

  /** Whether it has signed in after this one and nobody has said here that it is theirs. */
  protected isNew({ id }: Device): boolean {
    return this.#devices.unconfirmed().some(one => one.id === id);
  }

  protected line(device: Device): string {
    if (this.isNew(device)) return this.t('settings.devices.newSince', { when: this.dates.moment(device.createdAt) });
    return this.t('settings.devices.lastSeen', { when: this.dates.moment(device.lastSeen) });
  }

  protected icon(device: Device): string {
    if (/phone|telefon|android|ios/i.test(device.name)) return smartphone;
    return /laptop|mac/i.test(device.name) ? laptop : monitor;
  }

  protected async remove(device: Device, where: Whereabouts | null): Promise<void> {
    this.asked.set(null);
    if (where === 'here') this.#say(await this.#devices.remove(device));
    if (where !== 'lost') return;
    await this.#router.navigate(['/settings/devices/lost'], { queryParams: { device: device.id } });
  }

  protected async signOutOthers(): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.t('settings.devices.everywhereSure'),
      sentence: this.t('settings.devices.everywhereSentence'),
      action: this.t('settings.devices.everywhere'),
      danger: true,
    });
    if (!sure) return;
    this.#say(await this.#devices.removeOthers());
  }

  #say(result: { ok: true } | { ok: false; error: Failure }): void {
    if (!result.ok) this.#toast.say(this.#failures.say(result.error));
  }
}
