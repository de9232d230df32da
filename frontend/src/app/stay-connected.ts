import { computed, effect, inject, Service, untracked } from '@angular/core';
import { Access } from './account/access';
import { Account } from './account/account';
import { OnlyTab } from './device/only-tab';
import { NotificationTaps } from './call/notification-taps';
import { CallLog } from './call-log/call-log';
import { ChatLink } from './chat/chat-link';
import { Notices } from './chat/notices';
import { Contacts } from './contacts/contacts';
import { Presence } from './contacts/presence';
import { Push } from './push/push';
import { Signaling } from './signaling/signaling';

/**
 * Connects whoever is signed in, or was when this device was last online, as long as this tab is Parley, and reads what
 * the device has kept.
 */
@Service()
export class StayConnected {
  constructor() {
    const signaling = inject(Signaling);
    const access = inject(Access);
    const account = inject(Account);
    const tab = inject(OnlyTab);
    const chats = inject(ChatLink);
    const calls = inject(CallLog);
    // These follow what the server says from the first welcome on.
    inject(Contacts);
    inject(Presence);
    inject(Notices);
    inject(NotificationTaps);
    inject(Push);
    const isHere = computed(() => account.me() !== undefined && tab.state() === 'here');
    effect(() => {
      const connects = isHere();
      untracked(() => {
        if (!connects) return signaling.disconnect();
        void chats.start().catch(() => undefined);
        void calls.start();
        signaling.connect(renew => access.token(renew));
      });
    });
  }
}
