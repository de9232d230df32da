import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import bell from 'lucide-static/icons/bell.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { SettingPage } from './setting-page';

type Permission = NotificationPermission | 'unsupported';

const present = (): Permission => ('Notification' in window ? Notification.permission : 'unsupported');

/** Whether this device may show notifications, and how to mend it where it may not. */
@Component({
  selector: 'parley-notifications-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon, SettingPage],
  template: `
    <parley-setting-page heading="settings.notifications.title">
      <p class="lead dim">{{ t('settings.notifications.lead') }}</p>
      <div class="card">
        <div class="row">
          <parley-icon [svg]="bell" />
          <span class="row-text" role="status">
            <span class="row-name">{{ title() }}</span>
            <span class="row-line wrap">{{ sentence() }}</span>
          </span>
          @switch (permission()) {
            @case ('default') {
              <button class="button small" (click)="ask()">{{ t('settings.notifications.allow') }}</button>
            }
            @case ('granted') {
              <button class="button small tonal" (click)="test()">{{ t('settings.notifications.test') }}</button>
            }
          }
        </div>
      </div>
    </parley-setting-page>
  `,
  styles: '.wrap { white-space: normal } .lead { padding-bottom: 16px }',
})
export class NotificationsPage {
  protected readonly t = inject(Words).t;
  protected readonly bell = bell;
  protected readonly permission = signal<Permission>(present());
  protected readonly title = computed(() => this.t(`settings.notifications.${this.permission()}.title`));
  protected readonly sentence = computed(() => this.t(`settings.notifications.${this.permission()}.sentence`));

  protected async ask(): Promise<void> {
    await Notification.requestPermission();
    this.permission.set(present());
  }

  protected async test(): Promise<void> {
    const worker = await navigator.serviceWorker?.getRegistration();
    const body = this.t('settings.notifications.testBody');
    // On Android only a worker may show one.
    if (worker) await worker.showNotification('Parley', { body, tag: 'test' });
    else new Notification('Parley', { body, tag: 'test' });
  }
}
