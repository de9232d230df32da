import { Component, inject } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';
import { Words } from '../i18n/words';
import { Account } from './account/account';
import { CallOverlay } from './call/call-overlay';
import { Avatar } from './contacts/avatar';
import { Navigation } from './navigation';
import { OpenDetail } from './look/open-detail';
import { moveFocus } from './look/route-focus';
import { UNDER_HEADER } from './look/under-header';
import { Toasts } from './look/toast';
import { NewDeviceCard } from './settings/new-device-card';
import { OwnDevices } from './settings/own-devices';
import { ConnectionBanner } from './signaling/connection-banner';
import { StayConnected } from './stay-connected';
import { NewVersion } from './worker/new-version';

/** The app of somebody signed in: the rooms, the way between them, and what lies over all of it (a call, a toast). */
@Component({
  selector: 'parley-shell',
  imports: [Avatar, CallOverlay, Navigation, NewDeviceCard, RouterLink, RouterOutlet, Toasts],
  host: { '[class.detail-open]': 'detail.open()' },
  template: `
    <button class="skip button" type="button" (click)="skip()">{{ t('app.skip') }}</button>
    <parley-navigation>
      @if (me(); as person) {
        <a class="own" routerLink="/settings/profile">
          <parley-avatar [person]="person" [dot]="false" />
          <span class="unseen">{{ t('app.profile') }}</span>
        </a>
      }
    </parley-navigation>
    @defer (on immediate) {
      <parley-call-overlay />
    }
    <main>
      @defer (when devices.unconfirmed().length > 0) {
        <parley-new-device-card />
      }
      <router-outlet />
    </main>
    <parley-toasts />
    @if (version.waits()) {
      <p class="update" role="status">
        <span class="words">{{ t('app.newVersion') }}</span>
        <span class="acts">
          <button class="button small text" type="button" (click)="version.later()">{{ t('worker.later') }}</button>
          <button class="button small" type="button" (click)="version.use()">{{ t('app.reload') }}</button>
        </span>
      </p>
    }
  `,
  styleUrl: './shell.css',
})
export class Shell {
  protected readonly detail = inject(OpenDetail);
  protected readonly me = inject(Account).me;
  protected readonly version = inject(NewVersion);
  protected readonly devices = inject(OwnDevices);
  protected readonly t = inject(Words).t;

  /** Past the navigation, to where the focus goes when a page is opened. */
  protected skip(): void {
    moveFocus(document);
  }

  constructor() {
    inject(StayConnected);
    inject(UNDER_HEADER).set(ConnectionBanner);
  }
}
