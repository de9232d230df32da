import { inject, Service } from '@angular/core';
import {
  combineLatest,
  defer,
  filter,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  scan,
  startWith,
  switchMap,
} from 'rxjs';
import { textOf } from '#protocol/content/kinds';
import { type ConversationId } from '#protocol/ids';
import { foldText } from '#protocol/search-text';
import { graphemesOf } from '../look/graphemes';
import { type Entry, isEntry, isRetracted, placeOf, type Stored } from './conversation';
import { ConversationStore } from './conversation-store';
import { LocalChat } from './local-chat';

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

/** The newest `MOST` of the messages among `rows`, each once. One that was retracted is none, though it was read before that. */
function newestOf(rows: readonly Stored[]): Entry[] {
  const gone = new Set(rows.filter(isRetracted).map(placeOf));
  const messages = new Map(rows.filter(isEntry).map(message => [placeOf(message), message]));
  return [...messages]
    .flatMap(([place, message]) => (gone.has(place) ? [] : message))
    .sort((a, b) => b.at - a.at || b.seq - a.seq)
    .slice(0, MOST);
}

/** Looks through the messages this device keeps. */
@Service()
export class MessageSearch {
  readonly #local = inject(LocalChat);
  readonly #store = inject(ConversationStore);

  /**
   * The newest messages with `words` in them. Emits again when the result changes: a message arrives, a sent message gets its
   * place in the conversation, or a message is retracted.
   * @param within the id of the only conversation to look through
   */
  find(words: string, within?: ConversationId): Observable<readonly Found[]> {
    const sought = foldText(words);
    if (sought === '') return of([]);
    const has = (message: Entry): boolean =>
      (within === undefined || message.conversationId === within) &&
      foldText(textOf(message.content) ?? '').includes(sought);
    return this.#store.forgotten.pipe(
      startWith(undefined),
      switchMap(() => this.#newest(has)),
      map(messages => messages.map(message => ({ message, excerpt: excerptOf(textOf(message.content) ?? '', words) }))),
    );
  }

  #newest(has: (message: Entry) => boolean): Observable<readonly Entry[]> {
    const come = merge(
      this.#store.arrivals.pipe(map(({ messages }) => messages)),
      this.#store.stored.pipe(
        mergeMap(({ conversationId, run }) => this.#local.between(conversationId, run.from, run.to)),
      ),
    ).pipe(
      map(rows => rows.filter(row => isRetracted(row) || (isEntry(row) && has(row)))),
      filter(rows => rows.length > 0),
      scan((all: readonly Stored[], rows) => [...all, ...rows], []),
      startWith([]),
    );
    // First what comes: the database is read in steps, from the newest to the oldest, and what is stored meanwhile is above them.
    return combineLatest([come, defer(() => this.#local.search(has, MOST))]).pipe(
      map(([late, kept]) => newestOf([...kept, ...late])),
    );
  }
}
