import { Component, effect, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { Account } from './account/account';
import { OnlyTab } from './device/only-tab';
import { OtherTabPage } from './other-tab-page';
import { StorageNotice } from './storage-notice';
import { StorageState } from './device/storage-state';
import { Back } from './look/back';
import { FileDrops } from './look/file-drops';
import { RouteFocus } from './look/route-focus';
import { ColorScheme } from './look/scheme';

/** The app where this tab is Parley, and the way to make it so where another one is. */
@Component({
  selector: 'parley-root',
  imports: [OtherTabPage, RouterOutlet, StorageNotice],
  template: `
    @switch (tab.state()) {
      @case ('here') {
        <router-outlet />
      }
      @case ('elsewhere') {
        @defer (on immediate) {
          <parley-other-tab-page />
        }
      }
    }
    @if (storage.refusal()) {
      @defer (on immediate) {
        <parley-storage-notice />
      }
    }
  `,
})
export class App {
  protected readonly tab = inject(OnlyTab);
  protected readonly storage = inject(StorageState);

  constructor() {
    inject(ColorScheme);
    inject(RouteFocus);
    inject(FileDrops);
    inject(Back);
    const account = inject(Account);
    effect(() => {
      if (this.tab.state() === 'here') void account.start();
    });
    void this.tab.start();
  }
}
