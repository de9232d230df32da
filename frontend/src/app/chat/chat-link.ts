import { DestroyRef, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type RetractedMessage } from '#protocol/chat-frames';
import { type FrameOf, type ServerFrame } from '#protocol/messages';
import { once } from '../look/once';
import { Signaling } from '../signaling/signaling';
import { Arriving } from './arriving';
import { ChatSync } from './chat-sync';
import { ConversationStore } from './conversation-store';
import { DirectEntries } from './direct-entries';
import { Drafts } from './drafts';
import { EpochChange } from './epoch-change';
import { Marks } from './marks';
import { Posts } from './posts';
import { Typing } from './typing';

/** Carries what the server says into the rooms of the chat; one for as long as somebody is signed in. */
@Service()
export class ChatLink {
  readonly #signaling = inject(Signaling);
  readonly #arriving = inject(Arriving);
  readonly #store = inject(ConversationStore);
  readonly #sync = inject(ChatSync);
  readonly #posts = inject(Posts);
  readonly #marks = inject(Marks);
  readonly #typing = inject(Typing);
  readonly #direct = inject(DirectEntries);
  readonly #drafts = inject(Drafts);
  readonly #epoch = inject(EpochChange);
  readonly #destroyed = inject(DestroyRef);
  /** Each is read one time: what is written meanwhile stays. */
  readonly #parts = [this.#store, this.#posts, this.#direct, this.#drafts].map(part => once(() => part.load()));
  readonly #load = once(() => Promise.all(this.#parts.map(load => load())));
  #isListening = false;
  #sessions = 0;

  /**
   * Opens the local database and listens from now on. Resolves when what this device has kept is in memory.
   * @throws what the local database does; the next start reads it again
   */
  start(): Promise<unknown> {
    const loaded = this.#load();
    if (!this.#isListening) this.#listen(loaded);
    return loaded;
  }

  #listen(loaded: Promise<unknown>): void {
    this.#isListening = true;
    // Frames that come while the database opens wait for it, in order.
    let after: Promise<unknown> = loaded.catch(() => undefined);
    this.#signaling.frames.pipe(takeUntilDestroyed(this.#destroyed)).subscribe(frame => {
      // What a database has not kept is fetched with the next list: a later frame is not held up by it.
      after = after.then(() => this.#hear(frame)).catch(() => undefined);
    });
  }

  async #hear(frame: ServerFrame): Promise<void> {
    switch (frame.type) {
      case 'welcome':
        return this.#welcomed(frame);
      case 'chat.message':
        return this.#heard(frame);
      case 'chat.retracted':
        return this.#retracted(frame.message);
      case 'chat.posted':
        return this.#posted(frame);
      case 'fault':
        return this.#refused(frame);
      case 'chat.receipt':
        if (frame.userId === this.#store.me) this.#marks.readElsewhere(frame.conversationId, frame.read);
        return this.#store.marked(frame.conversationId, frame);
      case 'chat.typing':
        return this.#typing.heard(frame.conversationId, frame.senderId);
      case 'contacts.changed':
        // A request that was accepted has made a conversation.
        return void this.#sync.all();
      default:
    }
  }

  async #welcomed(welcome: FrameOf<ServerFrame, 'welcome'>): Promise<void> {
    this.#posts.welcomed(welcome.how);
    if (welcome.how === 'resumed') return this.#store.list().forEach(({ id }) => this.#marks.soon(id));
    if (welcome.how === 'new') this.#marks.forgetTold();
    const session = ++this.#sessions;
    // Frames of another epoch must not be laid over what was kept of the one before.
    await this.#epoch.noticed(welcome);
    // A local database that fails ends this round; the next welcome begins another.
    void this.#fetch(() => session === this.#sessions).catch(() => undefined);
  }

  /** @param isCurrent whether no later welcome has come, which has its own look at what is missing */
  async #fetch(isCurrent: () => boolean): Promise<void> {
    await this.#sync.all();
    if (isCurrent()) await this.#epoch.postAgain(isCurrent);
    this.#store.list().forEach(({ id }) => this.#marks.soon(id));
  }

  async #posted(frame: FrameOf<ServerFrame, 'chat.posted'>): Promise<void> {
    if (await this.#posts.posted(frame)) return;
    // A message of this device that it does not have: fetched like one of any other.
    void this.#sync.all();
  }

  #refused(fault: FrameOf<ServerFrame, 'fault'>): void {
    const { type, id } = fault.re;
    if (type === 'chat.post') this.#posts.refused(fault);
    const conversation = this.#store.ids().find(one => one === id);
    if (conversation && (type === 'chat.received' || type === 'chat.read'))
      this.#marks.refused(conversation, fault.retryMs);
  }

  async #heard({ message }: FrameOf<ServerFrame, 'chat.message'>): Promise<void> {
    if ('data' in message) this.#typing.stopped(message.conversationId, message.author.userId);
    const how = await this.#store.heard(await this.#arriving.one(message));
    if (how === 'unknown') void this.#sync.all();
    if (how === 'behind') void this.#sync.catchUp(message.conversationId);
    this.#marks.soon(message.conversationId);
  }

  async #retracted(message: RetractedMessage): Promise<void> {
    const { conversationId } = message;
    const how = await this.#store.retracted(conversationId, [message]);
    if (how === 'known') this.#sync.again();
    else void this.#sync.all();
    // It may have come before messages that stand before it.
    void this.#sync.catchUp(conversationId);
    this.#marks.soon(conversationId);
  }
}
