import { computed, effect, inject, Injector, Service, untracked } from '@angular/core';
import { Access } from './account/access';
import { Account } from './account/account';
import { OnlyTab } from './device/only-tab';
import { CallLog } from './call-log/call-log';
import { ChatLink } from './chat/chat-link';
import { SESSION_FEATURES } from './session-features';
import { Signaling } from './signaling/signaling';
import { NewVersion } from './worker/new-version';

/**
 * Makes what runs while somebody is signed in, and connects whoever is signed in, or was when this device was last online, as
 * long as this tab is Parley; reads what the device has kept.
 */
@Service()
export class StayConnected {
  readonly #signaling = inject(Signaling);

  constructor() {
    const injector = inject(Injector);
    // They listen before anything is said.
    for (const feature of SESSION_FEATURES) injector.get(feature);
    this.#connect();
    this.#askForNewerApp();
  }

  #connect(): void {
    const access = inject(Access);
    const account = inject(Account);
    const tab = inject(OnlyTab);
    const chats = inject(ChatLink);
    const calls = inject(CallLog);
    const isHere = computed(() => account.me() !== undefined && tab.state() === 'here');
    effect(() => {
      const connects = isHere();
      untracked(() => {
        if (!connects) return this.#signaling.disconnect();
        void chats.start().catch(() => undefined);
        void calls.start();
        this.#signaling.connect(renew => access.token(renew));
      });
    });
  }

  /** A server that comes back may have brought a newer app; of one that was there at once the worker has just asked. */
  #askForNewerApp(): void {
    const version = inject(NewVersion);
    let known = false;
    effect(() => {
      const { is } = this.#signaling.status();
      if (is === 'live' && known) version.ask();
      known ||= is === 'live' || is === 'waiting';
    });
  }
}
