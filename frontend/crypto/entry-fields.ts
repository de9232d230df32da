import { type Message } from '#protocol/chat-frames';
import { missing, NOTHING_HEARD, seenOf, withCounter } from '#protocol/crypto/counters';
import { type EnvelopeFields } from '#protocol/crypto/envelope';
import { type ConversationId, type DeviceId, type MessageId } from '#protocol/ids';
import { base64, sha256, utf8 } from './bytes.ts';
import { type HeardIn } from './heard.ts';
import { type Olm } from './olm.ts';

/** Posts of a conversation go one after the other, so that few are sealed and not answered. */
const KEPT_NUMBERS = 50;
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
      const counter = await this.#counterOf(conversationId, id);
      const seen = { upTo, count, hash: await hashOf(text) };
      return { conversationId, author: own, id, time, counter, seen, devices: await this.#devices() };
    });
  }

  /** Counts an entry that was read. */
  heard({ conversationId, author, seq }: Message, counter: number): Promise<void> {
    return this.#olm.turns.run(`fields ${conversationId}`, async () => {
      const { options, rows } = this.#olm;
      const before = (await rows.get('heard', conversationId)) ?? NOTHING;
      const heard = withCounter(before.heard, author.deviceId, counter, options.now());
      const upTo = Math.max(before.upTo, seq);
      if (heard !== before.heard || upTo !== before.upTo) await rows.put('heard', conversationId, { heard, upTo });
    });
  }

  /** How many entries of each device have not arrived for a minute although later ones have. */
  async missing(conversationId: ConversationId): Promise<ReadonlyMap<DeviceId, number>> {
    const { options, rows } = this.#olm;
    return missing(((await rows.get('heard', conversationId)) ?? NOTHING).heard, options.now());
  }

  async #counterOf(conversationId: ConversationId, id: MessageId): Promise<number> {
    const { rows } = this.#olm;
    const { last, entries } = (await rows.get('given', conversationId)) ?? { last: 0, entries: [] };
    const known = entries.find(([one]) => one === id);
    if (known) return known[1];
    const next = [...entries, [id, last + 1] as const].slice(-KEPT_NUMBERS);
    await rows.put('given', conversationId, { last: last + 1, entries: next });
    return last + 1;
  }

  async #devices(): Promise<EnvelopeFields['devices']> {
    const pin = await this.#olm.ownPin();
    return { number: pin?.number ?? 0, hash: await hashOf(pin?.signed ?? '') };
  }
}

const hashOf = async (text: string): Promise<string> => base64(await sha256(utf8(text)));
