import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Device } from '#protocol/api/account';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import { Dates } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { FailureWords } from '../account/failure-words';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { OwnDevices } from './own-devices';

/** Says that another device has signed in, asks whether that was this person, and signs it out if not. */
@Component({
  selector: 'parley-new-device-card',
  imports: [Icon, RouterLink],
  template: `
    <div role="alert">
      @if (removed(); as name) {
        <div class="note attention">
          <parley-icon [svg]="icon" />
          <p>{{ t('settings.newDevice.removed', { name }) }}</p>
          <div class="acts">
            <button class="button small text" type="button" (click)="removed.set('')">{{ t('app.close') }}</button>
            <a class="button small" routerLink="/settings/password" (click)="removed.set('')">
              {{ t('settings.password.title') }}
            </a>
          </div>
        </div>
      } @else if (device(); as one) {
        <div class="note attention">
          <parley-icon [svg]="icon" />
          <p>
            {{ t('settings.newDevice.which', { name: one.name, when: dates.moment(one.createdAt) }) }}
            <strong>{{ t('settings.newDevice.question') }}</strong>
          </p>
          <div class="acts">
            <button class="button small text" type="button" (click)="devices.confirm(one)">
              {{ t('settings.newDevice.yes') }}
            </button>
            <button class="button small" type="button" [disabled]="busy()" (click)="signOut(one)">
              {{ t('settings.newDevice.signOut') }}
            </button>
          </div>
        </div>
      }
    </div>
  `,
  styles: `
    .note {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      margin: calc(8px + var(--safe-top)) 16px 8px;
      padding-inline-end: 12px;
    }

    parley-icon {
      --icon-size: 1.5rem;
    }

    p {
      flex: 1 1 14rem;
    }

    .acts {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin-inline-start: auto;
    }

    .text {
      color: inherit;
    }
  `,
})
export class NewDeviceCard {
  protected readonly devices = inject(OwnDevices);
  protected readonly dates = inject(Dates);
  protected readonly t = laterWords();
  readonly #failures = inject(FailureWords);
  readonly #toast = inject(Toast);
  protected readonly icon = shieldAlert;

  protected readonly device = computed(() =>
    this.devices.isAskedOnPage() ? undefined : this.devices.unconfirmed()[0],
  );
  protected readonly busy = signal(false);
  /** The name of a device that was signed out here; '' for none. */
  protected readonly removed = signal('');

  protected async signOut(device: Device): Promise<void> {
    this.busy.set(true);
    const done = await this.devices.remove(device);
    this.busy.set(false);
    if (done.ok) this.removed.set(device.name);
    else this.#toast.say(this.#failures.say(done.error));
  }
}
