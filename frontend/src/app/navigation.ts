import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import phone from 'lucide-static/icons/phone.svg';
import settings from 'lucide-static/icons/settings.svg';
import users from 'lucide-static/icons/users.svg';
import { type Key, type PluralKey, Words } from '../i18n/words';
import { Badges } from './look/badges';
import { Icon } from './look/icon';
import mark from './look/mark.svg';

/** The way between the four rooms: a bar at the foot of a phone, a rail at the side of a wide screen. */
@Component({
  selector: 'parley-navigation',
  imports: [Icon, RouterLink, RouterLinkActive],
  template: `
    <nav [attr.aria-label]="t('app.navigation')">
      <parley-icon class="mark" [svg]="mark" />
      @for (room of rooms; track room.link) {
        <a
          [routerLink]="room.link"
          routerLinkActive="here"
          [routerLinkActiveOptions]="{ exact: false }"
          ariaCurrentWhenActive="page"
          [class]="room.name"
        >
          <span class="pill">
            <parley-icon [svg]="room.icon" />
            @if (room.badge(); as waiting) {
              <span class="badge">
                <span aria-hidden="true">{{ waiting > 99 ? '99+' : waiting }}</span>
                <span class="unseen">{{ words.count(room.waiting, waiting) }}</span>
              </span>
            }
          </span>
          {{ t(room.title) }}
        </a>
      }
      <ng-content />
    </nav>
  `,
  styleUrl: './navigation.css',
})
export class Navigation {
  protected readonly words = inject(Words);
  protected readonly t = this.words.t;
  protected readonly mark = mark;
  readonly #badges = inject(Badges);

  protected readonly rooms = [
    this.#room('chats', '/chats', messageCircle, 'app.chats', this.#badges.chats, 'app.unread'),
    this.#room('calls', '/calls', phone, 'app.calls', this.#badges.calls, 'app.missed'),
    this.#room('contacts', '/contacts', users, 'app.contacts', this.#badges.contacts, 'app.requests'),
    this.#room('settings', '/settings', settings, 'app.settings', () => 0, 'app.unread'),
  ];

  #room(name: string, link: string, icon: string, title: Key, badge: () => number, waiting: PluralKey) {
    return { name, link, icon, title, badge, waiting };
  }
}
