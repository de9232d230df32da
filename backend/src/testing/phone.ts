import type { Message } from '#protocol/chat-frames';
import type { ConversationId, MessageId } from '#protocol/ids';
import { openBrowser, type Browser, type Person } from './browser.ts';
import { TestClient } from './test-client.ts';
import { newId } from './new-id.ts';

/** A device as PROTOCOL.md wants one: it keeps what it was shown, and after a restore has posted again what is missing. */
export class Phone {
  readonly #person: Person;
  readonly #conversation: ConversationId;
  #client: TestClient | undefined;
  #browser: Browser;
  #epoch: string | undefined;
  /** What it keeps of the conversation, by seq. */
  messages = new Map<number, Message>();

  constructor(person: Person, conversation: ConversationId) {
    this.#person = person;
    this.#browser = person.browser;
    this.#conversation = conversation;
  }

  get ids(): string[] {
    return [...this.messages.values()].map(({ id }) => id);
  }

  /** Connects to a server, which may have lost what this device has; answers with how many messages it had lost of it. */
  async meet(origin: string): Promise<number> {
    this.#browser = openBrowser(origin, this.#browser.cookies);
    this.#client = new TestClient(origin.replace('http', 'ws'));
    const { epoch } = await this.#client.hello(this.#person.accessToken);
    const isAnother = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    const own = [...this.messages.values()].filter(({ author }) => author.userId === this.#person.me.id);
    if (isAnother) this.messages.clear();
    await this.page();
    const there = new Set(this.ids);
    const missing = isAnother ? own.filter(({ id }) => !there.has(id)) : [];
    for (const { id, data } of missing) await this.post(data, id);
    return missing.length;
  }

  /** Fetches what it does not have yet. */
  async page(): Promise<void> {
    for (;;) {
      const path = `/api/conversations/${this.#conversation}/messages?after=${Math.max(0, ...this.messages.keys())}`;
      const answer = await this.#browser.ask('GET', path, { token: this.#person.accessToken });
      const { items } = answer.body as { items: Message[] };
      for (const message of items) this.messages.set(message.seq, message);
      if (items.length === 0) return;
    }
  }

  /** Resolves when the server has it. */
  async post(data: string, id = newId<MessageId>()): Promise<void> {
    const frame = { type: 'chat.post', counts: true, conversationId: this.#conversation, id, data } as const;
    this.#client?.say(frame);
    await this.#client?.next('chat.posted', posted => posted.id === id);
  }

  leave(): void {
    this.#client?.cut();
  }
}
