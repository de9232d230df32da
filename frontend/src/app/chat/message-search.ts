import { inject, Injectable } from '@angular/core';
import { type Message } from '#protocol/chat-frames';
import { LocalChat } from './local-chat';
import { textOf } from './preview';

/** Most messages one search shows. */
const MOST = 40;
/** How much of a message stands before what was found, characters. */
const BEFORE = 24;

/** Without capitals and accents: "Zoë" is found by "zoe". Keeps the length of what it folds where it can. */
export const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** A message with words in it that somebody looks for. */
export interface Found {
  readonly message: Message;
  readonly excerpt: string;
}

/** The part of a text around the words, in one line. */
export function excerptOf(text: string, words: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const at = fold(line).indexOf(fold(words));
  return at > BEFORE ? `…${line.slice(at - BEFORE)}` : line;
}

/** Looks through the messages this device keeps. */
@Injectable({ providedIn: 'root' })
export class MessageSearch {
  readonly #local = inject(LocalChat);

  /** The newest messages with `words` in them. */
  async find(words: string): Promise<Found[]> {
    const sought = fold(words.trim());
    if (sought === '') return [];
    const has = (message: Message): boolean => fold(textOf(message.data) ?? '').includes(sought);
    const messages = await this.#local.search(has, MOST);
    return messages.map(message => ({ message, excerpt: excerptOf(textOf(message.data) ?? '', words.trim()) }));
  }
}
