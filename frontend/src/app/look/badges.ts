import { computed, effect, Service, signal } from '@angular/core';

/**
 * What waits to be seen. Each feature sets its own number; the navigation, the window's title and the app's icon
 * (W3C Badging API, where there is one) show them.
 */
@Service()
export class Badges {
  /** Chats with something unread. */
  readonly chats = signal(0);
  /** Missed calls not yet seen. */
  readonly calls = signal(0);
  /** Requests that wait for an answer. */
  readonly contacts = signal(0);

  readonly total = computed(() => this.chats() + this.calls() + this.contacts());

  constructor() {
    effect(() => {
      const total = this.total();
      // Refused without an installed app or by a setting: the badge is a courtesy.
      if ('setAppBadge' in navigator) void navigator.setAppBadge(total).catch(() => undefined);
    });
  }
}
