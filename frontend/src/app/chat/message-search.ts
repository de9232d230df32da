import { inject, Service } from '@angular/core';
import { type ConversationId } from '#protocol/ids';
import { foldText } from '#protocol/search-text';
import { graphemesOf } from '../look/graphemes';
import { type Entry } from './conversation';
import { LocalChat } from './local-chat';
import { textOf } from './preview';

/** Most messages one search shows. */
const MOST = 40;
/** How many characters of a message stand before what was found. */
const BEFORE = 24;

/** A message with words in it that somebody looks for. */
export interface Found {
  readonly message: Entry;
  readonly excerpt: string;
}

/** The part of a text around the words, in one line; it begins between characters as people see them. */
export function excerptOf(text: string, words: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = graphemesOf(line);
  // Folding changes lengths, so that each unit of the folded text remembers the character it comes from.
  const folded = characters.map(character => (character === ' ' ? character : foldText(character)));
  const places = folded.flatMap((part, nth) => new Array<number>(part.length).fill(nth));
  const at = places[folded.join('').indexOf(foldText(words))] ?? 0;
  return at > BEFORE ? `…${characters.slice(at - BEFORE).join('')}` : line;
}

/** Looks through the messages this device keeps. */
@Service()
export class MessageSearch {
  readonly #local = inject(LocalChat);

  /**
   * The newest messages with `words` in them.
   * @param within the id of the only conversation to look through
   */
  async find(words: string, within?: ConversationId): Promise<Found[]> {
    const sought = foldText(words);
    if (sought === '') return [];
    const has = (message: Entry): boolean =>
      (within === undefined || message.conversationId === within) &&
      foldText(textOf(message.content) ?? '').includes(sought);
    const messages = await this.#local.search(has, MOST);
    return messages.map(message => ({ message, excerpt: excerptOf(textOf(message.content) ?? '', words) }));
  }
}
