import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import laptop from 'lucide-static/icons/laptop.svg';
import logOut from 'lucide-static/icons/log-out.svg';
import monitor from 'lucide-static/icons/monitor.svg';
import smartphone from 'lucide-static/icons/smartphone.svg';
import { filter } from 'rxjs';
import type { Device } from '#protocol/api/account';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { FailureWords } from '../account/failure-words';
import type { Failure } from '../account/fetch-json';
import { Confirm } from '../look/confirm';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { Signaling } from '../signaling/signaling';
import { OwnAccount } from './own-account';
import { SettingPage } from './setting-page';

/** Where one is signed in, and the way to end that. */
@Component({
  selector: 'parley-devices-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, SettingPage],
  templateUrl: './devices-page.html',
  styles: '.lead { padding-bottom: 4px } .bad { color: var(--bad) }',
})
export class DevicesPage {
  protected readonly t = inject(Words).t;
  protected readonly dates = inject(Dates);
  readonly #own = inject(OwnAccount);
  readonly #failures = inject(FailureWords);
  readonly #confirm = inject(Confirm);
  readonly #toast = inject(Toast);
  protected readonly logOut = logOut;

  readonly #devices = signal<readonly Device[] | undefined>(undefined);
  protected readonly failure = signal('');
  protected readonly current = computed(() => this.#devices()?.find(device => device.current));
  protected readonly others = computed(() => this.#devices()?.filter(device => !device.current) ?? []);

  constructor() {
    inject(Signaling)
      .frames.pipe(
        filter(frame => frame.type === 'devices.changed'),
        takeUntilDestroyed(),
      )
      .subscribe(() => void this.look());
    void this.look();
  }

  protected icon(device: Device): string {
    if (/phone|telefon|android|ios/i.test(device.name)) return smartphone;
    return /laptop|mac/i.test(device.name) ? laptop : monitor;
  }

  protected async look(): Promise<void> {
    const devices = await this.#own.devices();
    if (devices.ok) this.#devices.set(devices.value);
    this.failure.set(devices.ok ? '' : this.#failures.say(devices.error));
  }

  protected async remove(device: Device): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.t('settings.devices.removeSure', { name: device.name }),
      sentence: this.t('settings.devices.removeSentence'),
      action: this.t('settings.devices.remove'),
      danger: true,
    });
    if (sure) await this.#done(await this.#own.removeDevice(device.id));
  }

  protected async signOutOthers(): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.t('settings.devices.everywhereSure'),
      sentence: this.t('settings.devices.everywhereSentence'),
      action: this.t('settings.devices.everywhere'),
      danger: true,
    });
    if (sure) await this.#done(await this.#own.signOutOthers());
  }

  async #done(result: { ok: true } | { ok: false; error: Failure }): Promise<void> {
    if (!result.ok) this.#toast.say(this.#failures.say(result.error));
    await this.look();
  }
}
