import { inject, Service } from '@angular/core';
import { type RetractedMessage } from '#protocol/chat-frames';
import { type ConversationId, type UserId } from '#protocol/ids';
import { type Conversation, type Entry, isEntry, isRetracted, type Listed, marksOf, type Stored } from './conversation';
import { LocalChat } from './local-chat';

/**
 * What was retracted while this page is open. What was asked for before, or comes late, may still hold what such a message
 * said: it takes no new data.
 */
@Service()
export class Gone {
  readonly #local = inject(LocalChat);
  readonly #places = new Map<ConversationId, Map<number, RetractedMessage>>();

  add(places: readonly RetractedMessage[]): void {
    for (const place of places) {
      const known = this.#places.get(place.conversationId) ?? new Map<number, RetractedMessage>();
      this.#places.set(place.conversationId, known.set(place.seq, place));
    }
  }

  /** Places of another epoch say nothing. */
  clear(): void {
    this.#places.clear();
  }

  #over<S extends Stored>(stored: S): S | RetractedMessage {
    return this.#places.get(stored.conversationId)?.get(stored.seq) ?? stored;
  }

  /** What was retracted of these conversations. */
  of(ids: Iterable<ConversationId>): RetractedMessage[] {
    return [...ids].flatMap(id => [...(this.#places.get(id)?.values() ?? [])]);
  }

  /** What stands at these places now: some of it may have been retracted while it was read. */
  rows(rows: readonly Stored[]): Stored[] {
    return rows.map(row => this.#over(row));
  }

  /**
   * What the server lists, without what was retracted since it was asked.
   * @param before the conversation as it is known
   */
  listed({ last, ...one }: Listed, before: Conversation | undefined): Listed {
    const isGone = last !== undefined && isRetracted(this.#over(last));
    const lastNow = isGone ? before?.last : last;
    return {
      ...one,
      unread: isGone && before ? before.unread : one.unread,
      ...(lastNow && { last: lastNow }),
    };
  }

  /**
   * What stands at the place of a message that arrives; an own one that is answered once more may have been retracted in the
   * time of an earlier page.
   * @param lastSeq of its conversation
   */
  async placed(arrived: Stored, lastSeq: number): Promise<Stored> {
    const { conversationId, seq } = arrived;
    if (seq > lastSeq) return this.#over(arrived);
    const [kept] = await this.#local.at(conversationId, [seq]).catch(() => []);
    return kept && isRetracted(kept) ? kept : this.#over(arrived);
  }

  /** How many of these are unread; undefined where one of them is not kept here. */
  async unreadAmong(
    places: readonly RetractedMessage[],
    conversation: Conversation,
    me: UserId,
  ): Promise<number | undefined> {
    const { id, lastSeq } = conversation;
    const { read } = marksOf(conversation, me);
    const above = places.filter(({ seq, author }) => seq > read && seq <= lastSeq && author.userId !== me);
    const kept = await this.#local.at(
      id,
      above.map(({ seq }) => seq),
    );
    if (kept.includes(undefined)) return undefined;
    return kept.filter(one => one && isEntry(one) && one.counts).length;
  }

  /** The last message that counts and stands; undefined where it is not kept here. */
  async below({ id, last, held }: Conversation): Promise<Entry | null | undefined> {
    const from = held?.from ?? Infinity;
    let found: Entry | null | undefined = last;
    // Of several that were retracted at once the one below may be among them.
    while (found && isRetracted(this.#over(found))) found = await this.#local.lastCounting(id, from, found.seq - 1);
    return found ?? (last === null || from <= 1 ? null : undefined);
  }
}
