import { type Message } from '#protocol/chat-frames';
import { NOTHING_HEARD, seenOf, withCounter } from '#protocol/crypto/counters';
import { type EnvelopeFields } from '#protocol/crypto/envelope';
import { type ConversationId, type MessageId } from '#protocol/ids';
import { base64, sha256, utf8 } from './bytes.ts';
import { countedAnew, NOTHING_GIVEN, withNumber, withoutEntry, type Given } from './given.ts';
import { type HeardIn } from './heard.ts';
import { type Olm } from './olm.ts';

const NOTHING: HeardIn = { heard: NOTHING_HEARD, upTo: 0 };

/** What stands around the contents of this device, and what it has heard of the others. */
export class EntryFields {
  readonly #olm: Olm;

  constructor(olm: Olm) {
    this.#olm = olm;
  }

  /**
   * @param time when it was written, ms since the epoch
   * @returns what an entry says around its content; the counter is kept, so that no two entries get the same
   */
  of(conversationId: ConversationId, id: MessageId, time: number): Promise<EnvelopeFields> {
    return this.#olm.turns.run(`fields ${conversationId}`, async () => {
      const { own, rows } = this.#olm;
      const { heard, upTo } = (await rows.get('heard', conversationId)) ?? NOTHING;
      const { count, text } = seenOf(heard, own.deviceId);
      const { given, counter } = withNumber((await rows.get('given', conversationId)) ?? NOTHING_GIVEN, id);
      await rows.put('given', conversationId, given);
      const numbered = { from: given.from, but: [...given.but] };
      const seen = { upTo, count, hash: await hashOf(text) };
      return { conversationId, author: own, id, time, counter, numbered, seen, devices: await this.#devices() };
    });
  }

  /** Counts an entry that was read. */
  heard({ conversationId, author, seq }: Message, counter: number): Promise<void> {
    return this.#olm.turns.run(`fields ${conversationId}`, async () => {
      const { rows } = this.#olm;
      const before = (await rows.get('heard', conversationId)) ?? NOTHING;
      const heard = withCounter(before.heard, author.deviceId, counter);
      const upTo = Math.max(before.upTo, seq);
      if (heard !== before.heard || upTo !== before.upTo) await rows.put('heard', conversationId, { heard, upTo });
    });
  }

  /** An entry is not sent any more, or was refused for good: the later ones say that its number may be missing. */
  giveUp(conversationId: ConversationId, id: MessageId): Promise<void> {
    return this.#change(conversationId, given => withoutEntry(given, id));
  }

  /** The server has lost entries: nothing is promised of the numbers so far. */
  countAnew(conversationId: ConversationId): Promise<void> {
    return this.#change(conversationId, countedAnew);
  }

  #change(conversationId: ConversationId, change: (given: Given) => Given): Promise<void> {
    return this.#olm.turns.run(`fields ${conversationId}`, async () => {
      const { rows } = this.#olm;
      await rows.put('given', conversationId, change((await rows.get('given', conversationId)) ?? NOTHING_GIVEN));
    });
  }

  async #devices(): Promise<EnvelopeFields['devices']> {
    const pin = await this.#olm.ownPin();
    return { number: pin?.number ?? 0, hash: await hashOf(pin?.signed ?? '') };
  }
}

const hashOf = async (text: string): Promise<string> => base64(await sha256(utf8(text)));
