import { DestroyRef, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import {
  type ChatMessage,
  mayGoDirectly,
  MOST_PROVISIONAL,
  MOST_UNANSWERED,
  readChatMessage,
  writeChatMessage,
} from '#protocol/direct/chat-messages';
import { dataOf, type EntryKey, nameOfKey } from '#protocol/content/kinds';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { type Call } from '../call/call';
import { type CallLink } from '../call/call-link';
import { type PeerChannel } from '../call/peer-channel';
import { drawableOf } from '../crypto/drawable';
import { type Signaling } from '../signaling/signaling';
import { keyOf, type Stored } from './conversation';
import { type ConversationStore } from './conversation-store';
import { type DirectEntries } from './direct-entries';
import { isProvisional } from './direct-entry';
import { type Post } from './post-queue';
import { type Posts } from './posts';

/** How many keys of entries that came during calls are remembered. */
const MOST_KEYS = 1_000;

type Copy = Extract<ChatMessage, { type: 'copy' }>;

/** What it works with. Handed in: an import would split the code that is loaded first into more files. */
export interface DirectChatNeeds {
  readonly call: Call;
  readonly link: CallLink;
  readonly posts: Posts;
  readonly store: ConversationStore;
  readonly entries: DirectEntries;
  readonly signaling: Signaling;
}

/**
 * Hands what is written in a call to the other device while the server is away, and takes what comes from there
 * (PROTOCOL.md, Messages between devices). Loaded with a call, and to be made once, in an injection context.
 */
export class DirectChat {
  readonly #needs: DirectChatNeeds;
  readonly #opened = signal<PeerChannel | null>(null);
  /** Entries that have come since: some may not be on the disk yet. */
  readonly #came = new Set<string>();
  /** Sent on this channel, be it refused. */
  readonly #sent = new Set<MessageId>();
  readonly #isWaiting = signal(false);
  #handling: Promise<void> = Promise.resolve();
  #unanswered = 0;

  constructor(needs: DirectChatNeeds) {
    this.#needs = needs;
    const came = needs.store.arrivals.pipe(takeUntilDestroyed());
    came.subscribe(({ messages }) => messages.forEach(one => this.#remember(one)));
    effect(onCleanup => {
      const channel = needs.link.chat();
      if (channel === null) return;
      const ended = untracked(() => this.#listen(channel));
      onCleanup(() => {
        ended();
        untracked(() => this.#closed());
      });
    });
    effect(() => {
      const isAway = needs.signaling.status().is !== 'live';
      const channel = this.#opened();
      const posts = needs.posts.waiting();
      if (isAway && channel !== null && !this.#isWaiting()) untracked(() => this.#next(channel, posts));
    });
    needs.posts.deleted.pipe(takeUntilDestroyed()).subscribe(post => this.#withdraw(post));
    inject(DestroyRef).onDestroy(() => this.#closed());
  }

  #listen(channel: PeerChannel): () => void {
    return channel.listen({
      opened: () => this.#opened.set(channel),
      heard: data => this.#hear(channel, data),
      closed: () => this.#closed(),
    });
  }

  #closed(): void {
    this.#opened.set(null);
    this.#isWaiting.set(false);
    this.#sent.clear();
    this.#unanswered = 0;
  }

  /** The direct conversation of the two people in the call. */
  #conversation(): { readonly id: ConversationId; readonly peerId: UserId } | undefined {
    const call = this.#needs.call.state();
    const id = call.state === 'idle' ? undefined : this.#needs.store.with(call.peerId)?.id;
    return call.state === 'idle' || id === undefined ? undefined : { id, peerId: call.peerId };
  }

  /** Sends the first message that waits and was not sent on this channel. */
  #next(channel: PeerChannel, posts: readonly Post[]): void {
    const id = this.#conversation()?.id;
    const known = this.#needs.entries.handedOver();
    const post = posts.find(one => {
      const isOpen = one.conversationId === id && one.fault === undefined && !this.#sent.has(one.id);
      return isOpen && !known.includes(one.id) && mayGoDirectly(one.content);
    });
    if (post === undefined) return;
    this.#isWaiting.set(true);
    this.#sent.add(post.id);
    // The channel itself is encrypted, from device to device.
    say(channel, { type: 'copy', conversationId: post.conversationId, id: post.id, data: dataOf(post.content) });
  }

  #withdraw({ conversationId, id }: Post): void {
    const channel = this.#opened();
    if (channel && (this.#sent.has(id) || this.#needs.entries.handedOver().includes(id)))
      say(channel, { type: 'withdrawn', conversationId, id });
  }

  #hear(channel: PeerChannel, data: unknown): void {
    const message = typeof data === 'string' ? readChatMessage(data) : null;
    if (!message?.ok) return channel.close();
    if (message.value.type === 'answer') return this.#answered(message.value);
    this.#unanswered += 1;
    if (this.#unanswered > MOST_UNANSWERED) return channel.close();
    const { value } = message;
    this.#handling = this.#handling
      .then(() => (value.type === 'copy' ? this.#take(channel, value) : this.#remove(value)))
      // A channel that broke off carries no answer; the message itself comes by the server.
      .catch(() => undefined)
      // What was heard on a channel that is closed counts no more.
      .then(() => void (this.#unanswered = Math.max(0, this.#unanswered - 1)));
  }

  #answered({ id, kept }: Extract<ChatMessage, { type: 'answer' }>): void {
    if (kept && this.#sent.has(id)) this.#needs.entries.handedOver.update(all => [...all, id]);
    this.#isWaiting.set(false);
  }

  async #take(channel: PeerChannel, copy: Copy): Promise<void> {
    const { conversationId, id } = copy;
    const kept = await this.#keep(copy);
    if (this.#opened() === channel) say(channel, { type: 'answer', conversationId, id, kept });
  }

  /** @returns whether the message is shown here, as a copy or by its entry */
  async #keep({ conversationId, id, data }: Copy): Promise<boolean> {
    const conversation = this.#conversation();
    if (conversation?.id !== conversationId) return false;
    const key: EntryKey = { conversationId, authorId: conversation.peerId, id };
    const content = drawableOf(data);
    if (!mayGoDirectly(content)) return false;
    if (this.#needs.entries.has(key)) return true;
    if ((await this.#needs.entries.isHeld(key)) || this.#came.has(nameOfKey(key))) return true;
    const at = Date.now();
    const provisional = this.#needs.entries
      .all()
      .filter(one => one.conversationId === conversationId && isProvisional(one, at));
    if (provisional.length >= MOST_PROVISIONAL) return false;
    await this.#needs.entries.add({ ...key, content, at });
    return true;
  }

  async #remove({ conversationId, id }: Extract<ChatMessage, { type: 'withdrawn' }>): Promise<void> {
    const conversation = this.#conversation();
    if (conversation?.id !== conversationId) return;
    this.#needs.entries.withdraw({ conversationId, authorId: conversation.peerId, id });
  }

  #remember(arrived: Stored): void {
    const key = keyOf(arrived);
    if (key === undefined) return;
    this.#came.add(nameOfKey(key));
    const [oldest] = this.#came;
    if (this.#came.size > MOST_KEYS && oldest !== undefined) this.#came.delete(oldest);
  }
}

const say = (channel: PeerChannel, message: ChatMessage): void => channel.open?.send(writeChatMessage(message));
