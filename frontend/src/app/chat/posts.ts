import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type Content, expiryOf, isCounted } from '#protocol/content/kinds';
import { type ConversationId, type MessageId } from '#protocol/ids';
import { type FrameOf, type ServerFrame } from '#protocol/messages';
import { err, type Result } from '#protocol/result';
import { Subject } from 'rxjs';
import type { SendRefusal } from '../../../crypto/trust.ts';
import { Account } from '../account/account';
import { Codec } from '../crypto/codec';
import { OwnKeys } from '../crypto/own-keys';
import { Signaling } from '../signaling/signaling';
import { KeptStorage } from '../worker/kept-storage';
import { ConversationStore } from './conversation-store';
import { DirectEntries } from './direct-entries';
import { LocalChat } from './local-chat';
import { newMessageId } from './message-id';
import { type Hold, NO_POSTS, nextPosts, type Post, type PostEffect, type PostEvent } from './post-queue';
import { Unkept } from './unkept';

/** A post without an answer for this long makes us doubt the socket, ms. */
const UNANSWERED_MS = 5_000;

/** A post as it is shown: what a person should know while it waits. */
export interface WaitingPost extends Post {
  /**
   * `unkept`: it is on no disk; `direct`: the other person's device has it; `busy`: the server takes it later; `locked`: this device's
   * keys are not unlocked; `no-identity`: the other person has none yet; `identity-changed`: it is asked whether they are still the same.
   */
  readonly trouble?: Trouble;
}
type Trouble = 'unkept' | 'direct' | 'busy' | 'locked' | 'no-identity' | 'identity-changed';

const TROUBLE: Readonly<Record<Hold, Trouble>> = {
  'not-signed-in': 'locked',
  'own-identity-changed': 'locked',
  'no-identity': 'no-identity',
  'no-device-list': 'no-identity',
  'no-device': 'no-identity',
  'identity-changed': 'identity-changed',
};

const keyOf = (id: MessageId): string => `post ${id}`;

/** What was written here and waits: the shell around `nextPosts`. It is on the screen before any network answers. */
@Service()
export class Posts {
  readonly #codec = inject(Codec);
  readonly #keys = inject(OwnKeys);
  readonly #signaling = inject(Signaling);
  readonly #local = inject(LocalChat);
  readonly #store = inject(ConversationStore);
  readonly #storage = inject(KeptStorage);
  readonly #unkept = inject(Unkept);
  readonly #direct = inject(DirectEntries);
  readonly #queue = signal(NO_POSTS);
  /** Posts that are being sealed, each with its latest attempt. */
  readonly #sealing = new Map<MessageId, symbol>();
  #order = 0;

  /** By a person, before the server had it. */
  readonly deleted = new Subject<Post>();

  /** In order of writing. */
  readonly waiting = computed<readonly WaitingPost[]>(() => {
    const { posts, putOff, held } = this.#queue();
    return posts.map(post => {
      if (this.#unkept.has(keyOf(post.id))) return { ...post, trouble: 'unkept' };
      if (this.#direct.handedOver().includes(post.id)) return { ...post, trouble: 'direct' };
      if (putOff.has(post.id)) return { ...post, trouble: 'busy' };
      const hold = held.get(post.conversationId);
      return hold && !post.fault ? { ...post, trouble: TROUBLE[hold] } : post;
    });
  });

  constructor() {
    const account = inject(Account);
    effect(() => account.unsent.set(this.waiting().length));
    effect(() => {
      if (this.#signaling.status().is !== 'live') untracked(() => this.#dispatch({ type: 'lost' }));
    });
    this.#keys.came.pipe(takeUntilDestroyed()).subscribe(() => this.#dispatch({ type: 'released' }));
  }

  /** What an earlier page left unsent. */
  async load(): Promise<void> {
    const posts = await this.#local.posts();
    this.#order = Math.max(this.#order, ...posts.map(({ order }) => order));
    this.#dispatch({ type: 'loaded', posts });
  }

  /** Writes into a conversation. */
  write(conversationId: ConversationId, content: Content): void {
    const at = Date.now();
    this.#order = Math.max(at, this.#order + 1);
    const post = { id: newMessageId(at), conversationId, content, counts: isCounted(content), at, order: this.#order };
    this.#dispatch({ type: 'wrote', post });
    // Now there is something to lose.
    void this.#storage.askOnce();
  }

  /** Puts messages that a restored server has lost back in front of what waits. */
  async again(posts: readonly Post[]): Promise<void> {
    await Promise.all(posts.map(post => this.#local.keepPost(post)));
    this.#dispatch({ type: 'loaded', posts });
  }

  retry(id: MessageId): void {
    this.#dispatch({ type: 'retry', id });
  }

  delete(id: MessageId): void {
    const post = this.#queue().posts.find(waiting => waiting.id === id);
    if (post) this.#giveUp(post);
    this.#dispatch({ type: 'delete', id });
    if (post) this.deleted.next(post);
  }

  /** A welcome: in a resumed session what is on its way still is. */
  welcomed(how: FrameOf<ServerFrame, 'welcome'>['how']): void {
    this.#dispatch({ type: 'live', kept: how === 'resumed' });
  }

  refused(fault: FrameOf<ServerFrame, 'fault'>): void {
    const post = this.#queue().posts.find(({ id }) => id === fault.re.id);
    if (post && fault.retryMs === undefined) this.#giveUp(post);
    this.#dispatch({ type: 'refused', fault });
  }

  /**
   * The server has it: from now on it is a message like any other.
   * @returns false where it does not wait here: it was deleted when it was on its way already
   */
  async posted({ conversationId, id, seq, at }: FrameOf<ServerFrame, 'chat.posted'>): Promise<boolean> {
    const post = this.#queue().posts.find(waiting => waiting.id === id);
    const deviceId = this.#signaling.welcome()?.deviceId;
    if (!post || deviceId === undefined) return false;
    const author = { userId: this.#store.me, deviceId };
    const { content, counts } = post;
    const known = { how: 'here', written: post.at } as const;
    const kept = this.#store.heard({ conversationId, seq, id, author, at, counts, content, known }, id);
    this.#dispatch({ type: 'posted', conversationId, id });
    // A page that dies before has the post still: it posts it again under the same id, or a restored server gets it back.
    if ((await kept) !== 'unknown') this.#perform({ type: 'forget', id });
    return true;
  }

  /** It may have been numbered already: without a word of this, others would miss it. It is kept until the machine has heard it. */
  #giveUp({ conversationId, id }: Post): void {
    this.#keys.ask('giveUp', { conversationId, id }).catch(() => undefined);
  }

  #dispatch(event: PostEvent): void {
    const [queue, effects] = nextPosts(this.#queue(), event);
    if (queue !== this.#queue()) this.#queue.set(queue);
    effects.forEach(made => this.#perform(made));
  }

  #perform(made: PostEffect): void {
    switch (made.type) {
      case 'keep':
        // What cannot be kept is sent all the same, as long as this page lives.
        return void this.#unkept.write(keyOf(made.post.id), () => this.#local.keepPost(made.post), true);
      case 'forget':
        return void this.#unkept.write(keyOf(made.id), () => this.#local.forgetPost(made.id));
      case 'send':
        return void this.#send(made.post);
      case 'withdraw':
        return this.#signaling.withdraw({
          type: 'chat.post',
          conversationId: made.post.conversationId,
          id: made.post.id,
        });
      case 'pause':
        setTimeout(() => this.#dispatch({ type: 'pause-over', conversationId: made.conversationId }), made.ms);
    }
  }

  /** Sealed at each attempt: what is kept is what was written. */
  async #send(sent: Post): Promise<void> {
    const { id, conversationId, content, counts } = sent;
    const attempt = Symbol();
    this.#sealing.set(id, attempt);
    const sealed = await this.#seal(sent);
    // Being sealed once more, for a new session.
    if (this.#sealing.get(id) !== attempt) return;
    this.#sealing.delete(id);
    // Deleted meanwhile.
    if (!this.#queue().onTheirWay.has(id)) return;
    if (!sealed.ok && sealed.error === 'too-large') this.#giveUp(sent);
    if (!sealed.ok) return this.#dispatch({ type: 'held', id, why: sealed.error });
    const post = { type: 'chat.post', conversationId, id, counts, data: sealed.value } as const;
    const expiresAfterMs = expiryOf(content);
    this.#signaling.send(expiresAfterMs === undefined ? post : { ...post, expiresAfterMs });
    setTimeout(() => {
      if (this.#queue().onTheirWay.has(id)) this.#signaling.check();
    }, UNANSWERED_MS);
  }

  async #seal({ id, conversationId, content, at }: Post): Promise<Result<string, SendRefusal['why'] | 'failed'>> {
    const peers = this.#store.find(conversationId)?.peers.map(peer => peer.id) ?? [];
    const members = [...new Set([this.#store.me, ...peers])];
    try {
      const sealed = await this.#codec.seal({ conversationId, members, id, time: at, content });
      return sealed.ok ? sealed : err(sealed.error.why);
    } catch {
      return err('failed');
    }
  }
}
