import { inject, Service } from '@angular/core';
import { type ConversationId, type UserId } from '#protocol/ids';
import { ChatSync } from './chat-sync';
import { isEntry, type Stored } from './conversation';
import { ConversationStore } from './conversation-store';
import { Gone } from './gone';
import { LocalChat } from './local-chat';
import { type Range } from './range';
import { WINDOW_PAGE } from './message-window';

/** Pages of a conversation without a hole, from this device where it holds them, else from the server. */
@Service()
export class MessagePages {
  readonly #store = inject(ConversationStore);
  readonly #local = inject(LocalChat);
  readonly #sync = inject(ChatSync);
  readonly #gone = inject(Gone);

  /** What this device holds of a run, ascending. */
  async kept(id: ConversationId, { from, to }: Range): Promise<readonly Stored[]> {
    return this.#gone.rows(await this.#local.between(id, from, to));
  }

  /**
   * What directly follows a seq, ascending.
   * @returns undefined where the server does not answer
   */
  async after(id: ConversationId, seq: number): Promise<readonly Stored[] | undefined> {
    const held = this.#store.find(id)?.held;
    if (!held || seq + 1 < held.from || seq >= held.to) {
      return this.#sync.page(id, `after=${seq}&limit=${WINDOW_PAGE}`);
    }
    return this.kept(id, { from: seq + 1, to: Math.min(seq + WINDOW_PAGE, held.to) });
  }

  /**
   * What directly precedes a seq, ascending.
   * @returns undefined where the server does not answer
   */
  async before(id: ConversationId, seq: number): Promise<readonly Stored[] | undefined> {
    const held = this.#store.find(id)?.held;
    if (!held || seq <= held.from || seq - 1 > held.to) {
      return this.#sync.page(id, `before=${seq}&limit=${WINDOW_PAGE}`);
    }
    return this.kept(id, { from: Math.max(held.from, seq - WINDOW_PAGE), to: seq - 1 });
  }

  /**
   * The first message of somebody else behind a seq.
   * @returns undefined where there is none, or the server does not answer
   */
  async firstOfOthers(id: ConversationId, seq: number, me: UserId): Promise<number | undefined> {
    for (let from = seq; ;) {
      const page = await this.after(id, from);
      const found = page?.find(stored => isEntry(stored) && stored.author.userId !== me);
      const last = page?.at(-1);
      if (found || !last) return found?.seq;
      from = last.seq;
    }
  }
}
