import type { FaultCode } from '#protocol/faults';
import { EXPIRED_KEPT_MS, EXPIRES_LEAST_MS, EXPIRES_MOST_MS } from '#protocol/limits';
import type { ConversationId, DeviceAddress, UserId } from '#protocol/ids';
import type { ClientChatFrame, ClientFrame, FrameOf, Unnumbered } from '#protocol/messages';
import type { Fault } from '#protocol/session-frames';
import type { Clock } from '../clock.ts';
import type { Delivery, RelationChange } from '../events/event.ts';
import type { Events } from '../events/event-hub.ts';
import type { Logger } from '../log.ts';
import { logFailure, passes } from '../store/store-error.ts';
import type { Retracted } from '../store/chat.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { createTurns } from '../turns.ts';
import { audienceOf, presentMembers, readersAt, type Audience, type Room } from './audience.ts';
import { receipts, retractionTold, settledPost, typingTold } from './deliveries.ts';
import { directConversationId } from './direct-conversation.ts';
import type { Mark } from './grown-marks.ts';
import { Rooms } from './rooms.ts';

type Post = FrameOf<ClientFrame, 'chat.post'>;
type Retract = FrameOf<ClientFrame, 'chat.retract'>;

export type ChatDeps = {
  store: Store;
  clock: Clock;
  timers: Timers;
  events: Events;
  log: Logger;
  /** Whether changes that other processes make are heard of. */
  isTold?: () => boolean;
};

/** A store that has too much to do takes a frame again after this long, in ms. */
const RETRY_MS = 2_000;
/** How often is looked for messages that have expired, in ms. */
const SWEEP_MS = 60_000;

/** Messages, marks and typing. Nothing here throws or rejects: what fails is answered with a fault to who asked. */
export class Chat {
  // Posts enter the store in order of arrival without waiting for each other's commit, and are told in order of `seq`.
  readonly #entering = createTurns();
  readonly #telling = createTurns();
  readonly #marking = createTurns();
  readonly #deps: ChatDeps;
  readonly #rooms: Rooms;
  /** By the timers; at first at once, since a restored backup may hold what has expired meanwhile. */
  #sweepAt = -Infinity;
  #sweeping: Promise<void> | undefined;

  constructor(deps: ChatDeps) {
    this.#deps = deps;
    this.#rooms = new Rooms({ ...deps, isTold: deps.isTold ?? (() => true) });
  }

  /** What two people are to each other has changed, here or on another process. */
  relationChanged({ by, other }: RelationChange): void {
    this.#rooms.forget(directConversationId(by, other));
  }

  /** Other processes may have changed something unheard. */
  missed(): void {
    this.#rooms.clear();
  }

  /** What time has made due; to be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_MS;
    this.#sweeping ??= this.#forgetExpired().finally(() => (this.#sweeping = undefined));
  }

  post(author: DeviceAddress, post: Post): void {
    this.#entering.take(post.conversationId, () => this.#answered(author, post, () => this.#enter(author, post)));
  }

  retract(author: DeviceAddress, frame: Retract): void {
    const job = () => this.#answered(author, frame, () => this.#retract(author, frame));
    // Behind the posts that came before it: it may be one of them.
    const behindPosts = async () => this.#telling.take(frame.conversationId, job);
    this.#entering.take(frame.conversationId, behindPosts);
  }

  mark(reader: DeviceAddress, frame: ClientChatFrame, mark: Mark): void {
    this.#deps.events.say({ kind: 'marked', reader, conversationId: frame.conversationId, mark });
    const job = () => this.#grow(reader, frame, mark);
    this.#marking.take(frame.conversationId, () => this.#answered(reader, frame, job));
  }

  typing(writer: DeviceAddress, frame: ClientChatFrame): void {
    void this.#answered(writer, frame, () => this.#tellTyping(writer, frame));
  }

  /** Resolves when everything asked is answered. */
  async idle(): Promise<void> {
    await this.#sweeping;
    await Promise.all([this.#entering.idle(), this.#marking.idle()]);
    await this.#telling.idle();
    // A post that is decided again was put back into the first queue.
    await this.#entering.idle();
    await this.#telling.idle();
  }

  async #enter(author: DeviceAddress, post: Post): Promise<void> {
    const { store, clock, events } = this.#deps;
    const { conversationId, id, counts, data, expiresAfterMs } = post;
    const { room, audience } = await this.#decide(conversationId, author.userId);
    const tell = (job: () => Promise<void>) =>
      this.#telling.take(conversationId, () => this.#answered(author, post, job));
    if (!audience.ok) return tell(async () => this.#refuse(author, post, audience.error, DETAILS[audience.error]));
    if (isOutOfBounds(expiresAfterMs))
      return tell(async () => this.#refuse(author, post, 'out-of-bounds', DETAILS['out-of-bounds']));
    const { withheldFrom } = audience.value;
    const revision = room?.revision ?? 0;
    const at = clock.now();
    const message = { conversationId, id, author, counts, data, at, withheldFrom, revision };
    const expiry =
      expiresAfterMs === undefined ? {} : { expiresAt: at + Math.max(EXPIRED_KEPT_MS, 2 * expiresAfterMs) };
    const appended = store.appendMessage({ ...message, ...expiry });
    appended.catch(() => undefined); // Answered in its turn.
    tell(async () => {
      const outcome = await appended;
      // The conversation has changed since the decision: decide again. A fault would reveal a block to the author.
      if (outcome.kind === 'moved') {
        this.#rooms.forget(conversationId);
        return this.post(author, post);
      }
      this.#deliver(settledPost(author, post, audience.value, outcome));
      const { kind, seq, at } = outcome;
      if (kind !== 'appended' || !counts) return;
      const message = { conversationId, senderId: author.userId, seq, at };
      events.say({ kind: 'posted', message, users: reached(audience.value) });
    });
  }

  /** Whom a post reaches. A refusal is final, so that it is never decided by what was read earlier. */
  async #decide(conversationId: ConversationId, speaker: UserId) {
    const { room, isFresh } = await this.#rooms.known(conversationId);
    const audience = audienceOf(room, speaker);
    if (audience.ok || isFresh) return { room, audience };
    const now = await this.#rooms.read(conversationId);
    return { room: now, audience: audienceOf(now, speaker) };
  }

  async #retract(author: DeviceAddress, frame: Retract): Promise<void> {
    const { store } = this.#deps;
    const { conversationId, target } = frame;
    const isOwn = target.authorId === author.userId && target.conversationId === conversationId;
    // Read first: once the store has forgotten it, nothing may keep the others from hearing so.
    const room = isOwn ? await store.conversation(conversationId) : null;
    const retracted = room && (await store.retractMessage(target));
    if (!retracted) return this.#refuse(author, frame, 'not-found', DETAILS['not-found']);
    if (retracted.isNew) return this.#tellRetracted(room, retracted);
    const { userId, deviceId } = author;
    this.#deliver([{ userId, only: deviceId, frame: { type: 'chat.retracted', message: retracted.message } }]);
  }

  /** Some of what has expired; where more may be left, with the next tick. Of several processes that do so one finds each. */
  async #forgetExpired(): Promise<void> {
    const { store, clock, log } = this.#deps;
    try {
      const forgotten = await store.forgetExpired(clock.now());
      for (const one of forgotten.filter(({ isNew }) => isNew)) {
        const { conversationId } = one.message;
        const room = await store.conversation(conversationId);
        if (room) this.#telling.take(conversationId, async () => this.#tellRetracted(room, one));
      }
      if (forgotten.length > 0) this.#sweepAt = -Infinity;
    } catch (error) {
      logFailure(log, error, 'messages that have expired could not be forgotten');
    }
  }

  #tellRetracted(room: Room, { message, withheldFrom }: Retracted): void {
    const { conversationId, seq, author } = message;
    const readers = readersAt(room, seq).filter(one => !withheldFrom.includes(one));
    this.#deliver(retractionTold(message, readers));
    const others = readers.filter(one => one !== author.userId);
    this.#deps.events.say({ kind: 'retracted', users: others, conversationId, seq });
  }

  async #grow(reader: DeviceAddress, frame: ClientChatFrame, mark: Mark): Promise<void> {
    const { store } = this.#deps;
    const { conversationId } = frame;
    const room = await store.conversation(conversationId);
    if (!room || !presentMembers(room).includes(reader.userId))
      return this.#refuse(reader, frame, 'not-a-member', DETAILS['not-a-member']);
    const { marks, grew } = await store.mark(conversationId, reader.userId, mark);
    if (!grew) return;
    // Read again: a block may have come while the mark was stored.
    const audience = audienceOf(await store.conversation(conversationId), reader.userId);
    const user = await store.userById(reader.userId);
    const others = audience.ok ? reached(audience.value) : [];
    this.#deliver(receipts(conversationId, reader, marks, others, user?.settings.readReceipts ?? true));
  }

  async #tellTyping(writer: DeviceAddress, { conversationId }: ClientChatFrame): Promise<void> {
    const { room } = await this.#rooms.known(conversationId);
    const audience = audienceOf(room, writer.userId);
    if (audience.ok) this.#deliver(typingTold(conversationId, writer, reached(audience.value)));
  }

  /** Does a job for a frame; a failure of the store is this frame's alone. */
  async #answered(who: DeviceAddress, frame: ClientChatFrame, job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      logFailure(this.#deps.log, error, 'a chat frame failed', { type: frame.type });
      if (passes(error)) this.#refuse(who, frame, 'try-later', 'The server is busy.', RETRY_MS);
      else this.#refuse(who, frame, 'internal', 'The server could not store it.');
    }
  }

  #refuse(
    { userId, deviceId }: DeviceAddress,
    frame: ClientChatFrame,
    code: FaultCode,
    detail: string,
    retryMs?: number,
  ): void {
    const fault: Unnumbered<Fault> = { type: 'fault', re: { type: frame.type, id: subjectOf(frame) }, code, detail };
    this.#deliver([{ userId, only: deviceId, frame: retryMs === undefined ? fault : { ...fault, retryMs } }]);
  }

  #deliver(deliveries: readonly Delivery[]): void {
    this.#deps.events.say({ kind: 'deliver', deliveries });
  }
}

const isOutOfBounds = (expiresAfterMs: number | undefined): boolean =>
  expiresAfterMs !== undefined && (expiresAfterMs < EXPIRES_LEAST_MS || expiresAfterMs > EXPIRES_MOST_MS);

const DETAILS = {
  'out-of-bounds': 'A message expires after a minute at the earliest, and after a year at the latest.',
  'not-found': 'You have written no such message.',
  'not-a-member': 'You are not in this conversation.',
  'not-contacts': 'Only accepted contacts can write to each other.',
} as const;

const reached = ({ others, withheldFrom }: Audience): UserId[] => others.filter(one => !withheldFrom.includes(one));

/** What a fault about this frame names. */
export function subjectOf(frame: ClientChatFrame): string {
  if (frame.type === 'chat.post') return frame.id;
  return frame.type === 'chat.retract' ? frame.target.id : frame.conversationId;
}
