import { inject, Service } from '@angular/core';
import { conversation, type Conversation as ServerConversation } from '#protocol/api/conversations';
import { type Page } from '#protocol/api/page';
import { type Message, type Placed, type RetractedMessage } from '#protocol/chat-frames';
import { Api } from '../account/api';
import { Codec } from '../crypto/codec';
import { inParts, listPageOf, storedOf } from './arrived';
import { type Conversation, type Listed, type Stored } from './conversation';
import { DataWorker } from './data-worker';
import { LocalChat } from './local-chat';

/**
 * Stores conversations, and with them the entries that came with their page of the list.
 * @param after the conversations as they are then
 * @param gone what was retracted since the page was asked for
 * @returns false where the entries are lost: then nothing is stored
 */
export type Keep = (after: readonly Conversation[], gone: readonly RetractedMessage[]) => Promise<boolean>;

/** Entries as they arrive, live and by paging: decoded here once, or by the data worker, and kept so. */
@Service()
export class Arriving {
  readonly #api = inject(Api);
  readonly #codec = inject(Codec);
  readonly #local = inject(LocalChat);
  readonly #worker = inject(DataWorker);
  readonly #open = (message: Message) => this.#codec.open(message);

  /** One that is just heard. */
  one(arrived: Placed): Promise<Stored> {
    return storedOf(arrived, message => this.#codec.openNew(message));
  }

  all(arrived: readonly Placed[]): Promise<Stored[]> {
    return Promise.all(arrived.map(one => this.one(one)));
  }

  /**
   * A page of the list. Its entries stay where it was read, mostly in the data worker: what the page draws of them it reads from
   * the local database.
   * @returns undefined where the server does not answer
   */
  async list(path: string): Promise<{ readonly page: Page<Listed>; readonly keep: Keep } | undefined> {
    if (!this.#worker.isThere()) return this.#listHere(path);
    let n = 0;
    const answer = await this.#api.by(async token => {
      const { listed, ...asked } = await this.#worker.list(path, token, this.#codec.plain());
      n = asked.n;
      return listed;
    });
    return answer.ok ? { page: answer.value, keep: (after, gone) => this.#keepThere(n, after, gone) } : undefined;
  }

  async #keepThere(n: number, after: readonly Conversation[], gone: readonly RetractedMessage[]): Promise<boolean> {
    const answer = await this.#worker.keep(n, await this.#local.keptAs(), after, gone);
    if (answer === 'lost') return false;
    // What the browser refuses is for the local database to deal with, which goes on in memory.
    if (answer) await this.#keepHere(answer.unkept, after, gone);
    return true;
  }

  async #listHere(path: string): Promise<{ readonly page: Page<Listed>; readonly keep: Keep } | undefined> {
    const answer = await this.#api.request<Page<ServerConversation>>('GET', path, { row: conversation });
    if (!answer.ok) return undefined;
    const { page, entries } = await listPageOf(answer.value, this.#open);
    return { page, keep: (after, gone) => this.#keepHere(entries, after, gone).then(() => true) };
  }

  async #keepHere(
    entries: readonly Stored[],
    after: readonly Conversation[],
    gone: readonly RetractedMessage[],
  ): Promise<void> {
    for (const part of inParts(entries, after, gone)) await this.#local.save(part.entries, part.after);
  }
}
