import { InjectionToken } from '@angular/core';
import { type ConversationId } from '#protocol/ids';

/**
 * Writes a text into a conversation; it waits there like any other where it cannot be sent at once. The conversations stand
 * above this room, so it is put in, as `CALL_CHAT` is.
 */
export type WriteWord = (conversationId: ConversationId, text: string) => void;

export const CALL_WORD = new InjectionToken<WriteWord>('how a call that is declined leaves a message');
