import { inject, Service } from '@angular/core';
import { type Message } from '#protocol/chat-frames';
import { dataOf, type Content } from '#protocol/content/kinds';
import { megolmPlaceOf } from '#protocol/crypto/sealed-data';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { err, type Result } from '#protocol/result';
import type { SendRefusal } from '../../../crypto/trust.ts';
import { drawableOf } from './drawable';
import { type Opened, type Plain } from './opened';
import { notOpened, openedWithoutKeys } from './opening';
import { OwnKeys } from './own-keys';

/** What is to be sealed. */
export interface Unsealed {
  readonly conversationId: ConversationId;
  /** All of them, oneself too. */
  readonly members: readonly UserId[];
  readonly id: MessageId;
  /** When it was written, ms since the epoch. */
  readonly time: number;
  readonly content: Content;
}

/**
 * Between what people write and what travels as `data`. It seals where a post leaves (chat/posts.ts), and opens where entries
 * arrive (chat/arriving.ts) and where keys come later than they (chat/unopened.ts). Between them, in the local database and on the
 * screen, there is content.
 */
@Service()
export class Codec {
  readonly #keys = inject(OwnKeys);

  /**
   * @returns what travels, or why nothing does
   * @throws where the machine has failed: it may be asked again
   */
  async seal(unsealed: Unsealed): Promise<Result<string, SendRefusal>> {
    if (this.#keys.state() !== 'own') return err({ why: 'not-signed-in' });
    const sealed = await this.#keys.ask('seal', unsealed);
    this.#keys.backUpSoon();
    return sealed;
  }

  /** What the data worker opens by itself. */
  plain(): Plain {
    return this.#keys.plain();
  }

  /** What a device says once more of what its person has written: it came encrypted, past the log. */
  resent(data: string): Opened {
    return { content: drawableOf(data), known: { how: 'resent', opened: Date.now() } };
  }

  /** Opens an entry that is just heard: the key it needs may be on its way. */
  async openNew(message: Message): Promise<Opened> {
    await this.#keys.settled();
    const opened = await this.open(message);
    if (opened.sealed !== 'no-key' || !this.#keys.isDue()) return opened;
    await this.#keys.settled();
    return this.open(message);
  }

  /** Opens an entry with the keys that are there; total. */
  async open(message: Message): Promise<Opened> {
    const plain = this.#keys.plain();
    if (!megolmPlaceOf(message.data) || !this.#keys.hasOpened()) return openedWithoutKeys(message, plain);
    try {
      const read = await this.#keys.ask('read', message);
      if (!read.ok) return notOpened(message, read.error);
      return { content: drawableOf(dataOf(read.value.content)), known: read.value.known };
    } catch {
      // The machine was ended: it is tried again with the next keys.
      return notOpened(message, 'unopened');
    }
  }
}
