import { inject, Service } from '@angular/core';
import { type ConversationId } from '#protocol/ids';
import { type Marks as ServerMarks } from '#protocol/api/conversations';
import { Signaling } from '../signaling/signaling';
import { marksOf } from './conversation';
import { ConversationStore } from './conversation-store';

/** Marks of one conversation go out together, at most this often, ms. */
const BATCH_MS = 250;

type Told = Pick<ServerMarks, 'received' | 'read'>;
const NOTHING: Told = { received: 0, read: 0 };

/**
 * Tells the server how far this user has received and read. What is told is what the local database holds: what a lost
 * session swallowed is told again after the next welcome.
 */
@Service()
export class Marks {
  readonly #signaling = inject(Signaling);
  readonly #store = inject(ConversationStore);
  readonly #told = new Map<ConversationId, Told>();
  readonly #due = new Set<ConversationId>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Messages up to `read` were read here (`Reading`). */
  async read(id: ConversationId, read: number): Promise<void> {
    await this.#store.read(id, read);
    this.soon(id);
  }

  /** Something of this conversation has been stored or read: the marks that the server does not have go out soon. */
  soon(id: ConversationId): void {
    this.#due.add(id);
    this.#timer ??= setTimeout(() => this.#tell(), BATCH_MS);
  }

  /** What the server says it knows of this user. */
  heard(id: ConversationId, told: Told): void {
    this.#told.set(id, told);
  }

  /**
   * Another device of this user has read so far. What it has received says nothing of this one: each confirms for itself,
   * or is pushed.
   */
  readElsewhere(id: ConversationId, read: number): void {
    const told = this.#told.get(id) ?? NOTHING;
    this.#told.set(id, { ...told, read: Math.max(told.read, read) });
  }

  /** A new session: nothing that was said before counts. */
  forgetTold(): void {
    this.#told.clear();
  }

  /** The server could not keep a mark. One that it can never keep is told again by the next session alone. */
  refused(id: ConversationId, retryMs: number | undefined): void {
    if (retryMs === undefined) return;
    this.#told.delete(id);
    setTimeout(() => this.soon(id), retryMs);
  }

  #tell(): void {
    this.#timer = undefined;
    if (this.#signaling.status().is !== 'live') return;
    this.#due.forEach(id => this.#tellOf(id));
    this.#due.clear();
  }

  #tellOf(id: ConversationId): void {
    const conversation = this.#store.find(id);
    if (!conversation) return;
    const told = this.#told.get(id) ?? NOTHING;
    const { read } = marksOf(conversation, this.#store.me);
    const received = Math.max(conversation.held?.to ?? 0, read);
    // What is read has been received: one frame says both.
    if (read > told.read) this.#signaling.send({ type: 'chat.read', conversationId: id, seq: read });
    if (received > Math.max(told.received, read)) {
      this.#signaling.send({ type: 'chat.received', conversationId: id, seq: received });
    }
    this.#told.set(id, { received: Math.max(told.received, received), read: Math.max(told.read, read) });
  }
}
