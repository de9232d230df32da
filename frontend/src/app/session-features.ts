import { type ProviderToken } from '@angular/core';
import { Call } from './call/call';
import { CallElsewhere } from './call/call-elsewhere';
import { NotificationTaps } from './call/notification-taps';
import { CallLog } from './call-log/call-log';
import { AskAgain } from './chat/ask-again';
import { ChatLink } from './chat/chat-link';
import { ChatSummaries } from './chat/chat-summaries';
import { Unopened } from './chat/unopened';
import { ListDoubts } from './crypto/list-doubts';
import { OwnKeys } from './crypto/own-keys';
import { Notices } from './chat/notices';
import { Contacts } from './contacts/contacts';
import { Presence } from './contacts/presence';
import { Push } from './push/push';
import { OwnDevices } from './settings/own-devices';
import { Launches } from './worker/launches';
import { NewVersion } from './worker/new-version';

/**
 * What runs as long as somebody is signed in, whatever page is open. In this order they are made, before the page connects,
 * and in this order they hear each frame: the call first, whose answer is waited for, keys before what is opened with them, and
 * counts of the chats after the chats.
 */
export const SESSION_FEATURES: readonly ProviderToken<unknown>[] = [
  Call,
  CallElsewhere,
  Presence,
  Contacts,
  OwnKeys,
  ListDoubts,
  Unopened,
  AskAgain,
  ChatLink,
  ChatSummaries,
  CallLog,
  OwnDevices,
  Notices,
  NotificationTaps,
  Push,
  Launches,
  NewVersion,
];
