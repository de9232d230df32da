import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import mark from '../look/mark.svg';
import { Install } from './install';

/** Offers once, quietly, to put the app onto this device. */
@Component({
  selector: 'parley-install-card',
  imports: [Icon, RouterLink],
  template: `
    @if (install.isDue()) {
      <div class="note">
        <div class="what">
          <parley-icon [svg]="mark" />
          <p>{{ t('worker.install.card') }}</p>
        </div>
        <div class="actions">
          <button type="button" class="button small text" (click)="install.dismiss()">
            {{ t('worker.install.later') }}
          </button>
          @if (install.way() === 'ios') {
            <a class="button small tonal" routerLink="/settings/install">{{ t('worker.install.how') }}</a>
          } @else {
            <button type="button" class="button small tonal" (click)="install.ask()">
              {{ t('worker.install.do') }}
            </button>
          }
        </div>
      </div>
    }
  `,
  styles: `
    .note {
      margin: 8px 16px;
    }

    .what {
      display: flex;
      align-items: center;
      gap: 12px;
    }

    parley-icon {
      --icon-size: 2rem;
      flex: none;
    }

    .actions {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: 8px;
      margin-top: 8px;
    }
  `,
})
export class InstallCard {
  protected readonly install = inject(Install);
  protected readonly t = inject(Words).t;
  protected readonly mark = mark;
}
