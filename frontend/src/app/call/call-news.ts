import { InjectionToken, type Signal } from '@angular/core';
import { type ConversationId } from '#protocol/ids';

/** A message of somebody else that has just come. */
export interface News {
  readonly conversationId: ConversationId;
  readonly name: string;
  readonly text: string;
}

/** What the conversations tell a stage that lies over them. They stand above this room, so it is put in, as `CALL_CHAT` is. */
export interface CallNews {
  /** For as long as it is news. */
  readonly latest: Signal<News | null>;
  hasUnread(conversationId: ConversationId): boolean;
}

export const CALL_NEWS = new InjectionToken<CallNews>('what comes in the conversations during a call');
