import { inject, Injectable } from '@angular/core';
import { type Message } from '#protocol/chat-frames';
import { type ConversationId } from '#protocol/ids';
import { type Welcome } from '#protocol/session-frames';
import { ChatSync } from './chat-sync';
import { isMessage } from './conversation';
import { ConversationStore } from './conversation-store';
import { LocalChat } from './local-chat';
import { type Post } from './post-queue';
import { Posts } from './posts';

/**
 * A backup was restored: the server's store has another epoch. What was fetched is dropped and fetched again, and what
 * this device had sent and the store no longer has is posted again under the same ids (PROTOCOL.md, Epoch).
 */
@Injectable({ providedIn: 'root' })
export class EpochChange {
  readonly #local = inject(LocalChat);
  readonly #store = inject(ConversationStore);
  readonly #sync = inject(ChatSync);
  readonly #posts = inject(Posts);

  /** Drops what was fetched from a store of another epoch; what must be looked for in this one is kept until it was. */
  async noticed({ epoch, deviceId }: Welcome): Promise<void> {
    const known = await this.#local.epoch();
    if (known === epoch) return;
    if (known !== undefined) {
      const sent = await Promise.all(this.#store.list().map(({ id }) => this.#local.ownOf(id, deviceId)));
      await this.#local.saveSent(sent.flat());
      await this.#store.forgetAll();
    }
    await this.#local.saveEpoch(epoch);
  }

  /** Called when the newest pages are there. */
  async postAgain(): Promise<void> {
    const sent = await this.#local.sent();
    if (sent.length === 0) return;
    const missing: Post[] = [];
    for (const [id, messages] of Map.groupBy(sent, message => message.conversationId)) {
      const oldest = messages[0];
      if (!oldest) continue;
      // Tried again after the next welcome.
      if (!(await this.#reach(id, oldest.at))) return;
      missing.push(...(await this.#missing(id, messages)));
    }
    await this.#posts.again(missing);
    await this.#local.saveSent([]);
  }

  /** Pages back to a time; the old seqs say nothing about the new store. */
  async #reach(id: ConversationId, at: number): Promise<boolean> {
    for (;;) {
      const held = this.#store.find(id)?.held;
      if (!held || held.from <= 1) return true;
      const [first] = (await this.#local.between(id, held.from, held.to)).filter(isMessage);
      if (first && first.at < at) return true;
      if (!(await this.#sync.older(id))) return false;
    }
  }

  async #missing(id: ConversationId, messages: readonly Message[]): Promise<Post[]> {
    const here = (await this.#local.between(id, 0, Infinity)).filter(isMessage);
    const there = new Set(here.map(message => `${message.senderId} ${message.id}`));
    return messages
      .filter(message => !there.has(`${message.senderId} ${message.id}`))
      .map(({ id: messageId, at, data }) => ({ id: messageId, conversationId: id, data, at, order: at }));
  }
}
