import { isolate } from '#protocol/isolate';
import type { PushPayload } from '#protocol/push-payload';
import { tagOfCall } from './call-tag.ts';
import { PUSH_WORDS } from './push-words.ts';

/** What a notification keeps for the tap on it, and for the page that takes it away. */
export type NotificationFacts =
  | { type: 'message' | 'read'; conversationId: string }
  /** `decline` is the token of a pushed ring; '' of one that a page shows. */
  | { type: 'ring'; callId: string; decline: string }
  | { type: 'call-over'; callId: string }
  | { type: 'test' };

/** What TypeScript's own library leaves out of the Notifications API (2.1). */
export interface FullOptions extends NotificationOptions {
  data: NotificationFacts;
  tag: string;
  renotify?: boolean;
  vibrate?: number[];
  actions?: { action: string; title: string }[];
}
export interface Shown {
  readonly title: string;
  readonly options: FullOptions;
}

export const LOOKS = { icon: 'icons/mark-192.png', badge: 'icons/mark-192.png' };
/** Ring, pause, ring: ms. */
const RINGS = [400, 200, 400, 1_000, 400, 200, 400];

/**
 * A notification for each payload: one a conversation and one a call, because what has the same tag replaces what was shown.
 * @param actions how many buttons this system shows (`Notification.maxActions`)
 */
export function notificationOf(payload: PushPayload, actions: number): Shown {
  const words = PUSH_WORDS[payload.language];
  switch (payload.type) {
    case 'message': {
      const { conversationId, name } = payload;
      const options = { ...about({ type: 'message', conversationId }, conversationId), renotify: true };
      return name === undefined
        ? { title: 'Parley', options: { ...options, body: words.newMessage } }
        : { title: name, options: { ...options, body: words.messageFrom } };
    }
    case 'read': {
      const { conversationId } = payload;
      const options = about({ type: 'read', conversationId }, conversationId);
      return { title: 'Parley', options: { ...options, body: words.readElsewhere, silent: true } };
    }
    case 'ring':
      return ring(payload, actions);
    case 'call-over':
      return callOver(payload);
    case 'test':
      return { title: 'Parley', options: { ...about({ type: 'test' }, 'test'), body: words.test, renotify: true } };
  }
}

const about = (data: NotificationFacts, tag: string): FullOptions => ({ ...LOOKS, data, tag });

function ring(payload: Extract<PushPayload, { type: 'ring' }>, actions: number): Shown {
  const { callId, decline, language, media, name } = payload;
  const words = PUSH_WORDS[language];
  const buttons = [
    { action: 'accept', title: words.accept },
    { action: 'decline', title: words.decline },
  ];
  const kind = media === 'video' ? words.videoCall : words.audioCall;
  return {
    title: name ?? words.somebodyCalls,
    options: {
      ...about({ type: 'ring', callId, decline }, tagOfCall(callId)),
      body: kind,
      requireInteraction: true,
      renotify: true,
      vibrate: RINGS,
      ...(actions >= buttons.length ? { actions: buttons } : {}),
    },
  };
}

function callOver({ callId, device, how, language, name }: Extract<PushPayload, { type: 'call-over' }>): Shown {
  const words = PUSH_WORDS[language];
  const body = {
    missed: words.missed,
    declined: words.declined,
    answered: device === undefined ? words.answered : words.answeredOn(isolate(device)),
  }[how];
  const options = { ...about({ type: 'call-over', callId }, tagOfCall(callId)), body, silent: how !== 'missed' };
  return { title: name ?? 'Parley', options };
}

/** For a payload this version does not know: the browser wants something shown for each push. */
export const somethingNew = (language: 'en' | 'de'): Shown => ({
  title: 'Parley',
  options: { ...about({ type: 'test' }, 'news'), body: PUSH_WORDS[language].news },
});

/** Where a tap leads. A ring's screen comes up by itself when the page has asked the server for its state. */
export function pathOf(facts: NotificationFacts): string {
  switch (facts.type) {
    case 'message':
    case 'read':
      return `/chats/${facts.conversationId}`;
    case 'ring':
      return '/chats';
    case 'call-over':
      return '/calls';
    case 'test':
      return '/settings/notifications';
  }
}
