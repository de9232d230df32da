import { inject, Service } from '@angular/core';
import { groupBy } from '#protocol/group-by';
import { type ConversationId } from '#protocol/ids';
import { type Welcome } from '#protocol/session-frames';
import { ChatSync } from './chat-sync';
import { type Entry, isEntry } from './conversation';
import { ConversationStore } from './conversation-store';
import { OwnKeys } from '../crypto/own-keys';
import { LocalChat } from './local-chat';
import { type Post } from './post-queue';
import { Posts } from './posts';

/**
 * A backup was restored: the server's store has another epoch. What was fetched is dropped and fetched again, and what
 * this person had sent and the store no longer has is posted again under the same ids (PROTOCOL.md, Epoch).
 */
@Service()
export class EpochChange {
  readonly #local = inject(LocalChat);
  readonly #store = inject(ConversationStore);
  readonly #sync = inject(ChatSync);
  readonly #posts = inject(Posts);
  readonly #keys = inject(OwnKeys);

  /** Drops what was fetched from a store of another epoch; what must be looked for in this one is kept until it was. */
  async noticed({ epoch }: Welcome): Promise<void> {
    const known = await this.#local.epoch();
    if (known === epoch) return;
    if (known !== undefined) await this.#drop();
    await this.#local.saveEpoch(epoch);
  }

  /** What an earlier change has left to be looked for stays among it, and so does what a page that died had read. */
  async #drop(): Promise<void> {
    const ids = this.#store.list().map(({ id }) => id);
    // Entries that the server has lost had numbers: readers must not report them as missing. It is kept until the machine has heard it.
    await this.#keys.ask('countAnew', ids).catch(() => undefined);
    const own = await Promise.all(ids.map(id => this.#local.ownOf(id, this.#store.me)));
    // What another device has written, and this one could not read, only that one can encrypt again.
    const all = [...(await this.#local.sent()), ...own.flat()].filter(({ sealed }) => sealed === undefined);
    const once = new Map(all.map(message => [`${message.conversationId} ${message.id}`, message]));
    await this.#local.saveSent([...once.values()]);
    await this.#store.forgetAll();
  }

  /**
   * Called when the newest pages are there.
   * @param isCurrent whether they are those of the store as it is; where not, all is looked for once more
   */
  async postAgain(isCurrent: () => boolean): Promise<void> {
    const sent = await this.#local.sent();
    if (sent.length === 0) return;
    const missing: Post[] = [];
    for (const [id, messages] of groupBy(sent, message => message.conversationId)) {
      // Tried again after the next welcome.
      if (!(await this.#reach(id, Math.min(...messages.map(({ at }) => at))))) return;
      missing.push(...(await this.#missing(id, messages)));
    }
    if (!isCurrent()) return;
    await this.#posts.again(missing);
    if (isCurrent()) await this.#local.saveSent([]);
  }

  /** Pages back to a time; the old seqs say nothing about the new store. */
  async #reach(id: ConversationId, at: number): Promise<boolean> {
    for (;;) {
      const held = this.#store.find(id)?.held;
      if (!held || held.from <= 1) return true;
      const [first] = (await this.#local.between(id, held.from, held.to)).filter(isEntry);
      if (first && first.at < at) return true;
      if (!(await this.#sync.older(id))) return false;
    }
  }

  async #missing(id: ConversationId, messages: readonly Entry[]): Promise<Post[]> {
    // What was retracted is there as well: a place without data.
    const here = (await this.#local.between(id, 0, Infinity)).filter(one => 'id' in one);
    const there = new Set(here.map(message => `${message.author.userId} ${message.id}`));
    return messages
      .filter(message => !there.has(`${message.author.userId} ${message.id}`))
      .map(({ id: messageId, at, content, counts }) => ({
        id: messageId,
        conversationId: id,
        content,
        counts,
        at,
        order: at,
      }));
  }
}
