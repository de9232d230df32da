import { Component, computed, inject, signal } from '@angular/core';
import bell from 'lucide-static/icons/bell.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { Toast } from '../look/toast';
import { Push } from '../push/push';
import { QuietSettings } from './quiet-settings';
import { RingSettings } from './ring-settings';
import { SettingPage } from './setting-page';

/** Whether this device is told of messages and calls, how to mend it where it is not, and what that means. */
@Component({
  selector: 'parley-notifications-page',
  imports: [Icon, QuietSettings, RingSettings, SettingPage],
  template: `
    <parley-setting-page heading="settings.notifications.title">
      <p class="lead dim">{{ t('push.lead') }}</p>
      <div class="card">
        <div class="row acting">
          <parley-icon [svg]="bell" />
          <span class="row-text" role="status">
            <span class="row-name">{{ title() }}</span>
            <span class="row-line wrap">{{ sentence() }}</span>
          </span>
          @switch (state()) {
            @case ('on') {
              <button class="button small text" (click)="push.turnOff()">{{ t('push.turnOff') }}</button>
            }
            @case ('off') {
              <button class="button small" (click)="push.turnOn()">{{ t('push.turnOn') }}</button>
            }
            @case ('silent') {
              <button class="button small" (click)="push.turnOn()">{{ t('push.again') }}</button>
            }
            @case ('failed') {
              <button class="button small" (click)="push.turnOn()">{{ t('push.again') }}</button>
            }
          }
        </div>
        @if (state() === 'on') {
          <div class="row acting">
            <span class="row-text">
              <span class="row-name">{{ t('push.test.title') }}</span>
              <span class="row-line wrap" role="status">{{ tried() ? t('push.test.sent') : t('push.test.hint') }}</span>
            </span>
            <button class="button small tonal" (click)="test()">{{ t('push.test.send') }}</button>
          </div>
        }
      </div>
      <parley-quiet-settings />
      <parley-ring-settings />
      <section class="honest">
        <h2 class="group">{{ t('push.honest.title') }}</h2>
        <ul class="dim">
          <li>{{ t('push.honest.internet') }}</li>
          <li>{{ t('push.honest.apple') }}</li>
          <li>{{ t('push.honest.service') }}</li>
          <li>{{ t('push.honest.content') }}</li>
          <li>{{ t('push.honest.saving') }}</li>
        </ul>
      </section>
    </parley-setting-page>
  `,
  styles: `
    .wrap {
      white-space: normal;
    }

    .lead {
      padding-bottom: 16px;
    }

    .honest {
      padding-top: 8px;
    }

    .honest ul {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0 4px 24px 20px;
      list-style: disc;
    }

    .honest li::marker {
      color: var(--outline);
    }
  `,
})
export class NotificationsPage {
  protected readonly t = laterWords();
  protected readonly push = inject(Push);
  readonly #toast = inject(Toast);
  protected readonly bell = bell;
  protected readonly tried = signal(false);
  /** Until the worker stands it is on its way. */
  protected readonly state = computed(() => this.push.state() ?? 'looking');
  protected readonly title = computed(() => this.t(`push.${this.state()}.title`));
  protected readonly sentence = computed(() => this.t(`push.${this.state()}.sentence`));

  protected async test(): Promise<void> {
    const asked = await this.push.test();
    this.tried.set(asked.ok);
    if (!asked.ok) this.#toast.say(this.t('push.test.failed'));
  }
}
