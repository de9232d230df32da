import { type Content } from '#protocol/content/kinds';
import { type FaultCode } from '#protocol/faults';
import { type ConversationId, type MessageId } from '#protocol/ids';
import { type Fault } from '#protocol/session-frames';
import type { SendRefusal } from '../../../crypto/trust.ts';

/** A message that was written here and is not in its conversation yet. */
export interface Post {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly content: Content;
  /** Whether it counts (`chat.post`): kept, since what this app does not know says nothing of it when it is sent again. */
  readonly counts: boolean;
  /** When it was written, ms since the epoch. */
  readonly at: number;
  /** Grows with every post written on this device: the order in which they go out. */
  readonly order: number;
  /** Refused for good: it stays until a person retries or deletes it. */
  readonly fault?: FaultCode;
}

/** Why nothing is encrypted in a conversation, until something about keys has changed. */
export type Hold = Exclude<SendRefusal['why'], 'too-large'>;

/** Refused for what the message itself is: those behind it go on, where after any other fault they would be refused too. */
const OF_THE_MESSAGE: ReadonlySet<FaultCode | undefined> = new Set<FaultCode>(['malformed', 'internal']);

/**
 * What waits, in order of writing. In each conversation one post is on its way at a time:
 *
 * ```
 *   waiting ── first, and live ──► on its way ── posted ──► gone
 *      ▲                             │      └── refused ──► failed ── retry ──► waiting
 *      ├──────── a new session ──────┤                        └──── delete ──► gone
 *      └─ released ◄─ held ◄─ no keys┘
 * ```
 * Each can be deleted at any time.
 */
export interface PostQueue {
  readonly posts: readonly Post[];
  readonly onTheirWay: ReadonlySet<MessageId>;
  /** Told to come back later. */
  readonly paused: ReadonlySet<ConversationId>;
  /** The posts of which the server has said so since they were last retried. */
  readonly putOff: ReadonlySet<MessageId>;
  /** Where nothing is encrypted for now. */
  readonly held: ReadonlyMap<ConversationId, Hold>;
  readonly live: boolean;
}

export const NO_POSTS: PostQueue = {
  posts: [],
  onTheirWay: new Set(),
  paused: new Set(),
  putOff: new Set(),
  held: new Map(),
  live: false,
};

export type PostEvent =
  /** What the local database has kept, once at the start. */
  | { readonly type: 'loaded'; readonly posts: readonly Post[] }
  | { readonly type: 'wrote'; readonly post: Post }
  /** A welcome; `kept`: what was on its way still is, in the same session. */
  | { readonly type: 'live'; readonly kept: boolean }
  | { readonly type: 'lost' }
  | { readonly type: 'posted'; readonly conversationId: ConversationId; readonly id: MessageId }
  | { readonly type: 'refused'; readonly fault: Fault }
  | { readonly type: 'pause-over'; readonly conversationId: ConversationId }
  /** It was not encrypted. */
  | { readonly type: 'held'; readonly id: MessageId; readonly why: SendRefusal['why'] | 'failed' }
  /** Keys have come, or somebody has decided about an identity. */
  | { readonly type: 'released' }
  | { readonly type: 'retry' | 'delete'; readonly id: MessageId };

export type PostEffect =
  /** `withdraw`: it may be on its way, and is not to be sent again. */
  | { readonly type: 'send' | 'keep' | 'withdraw'; readonly post: Post }
  | { readonly type: 'forget'; readonly id: MessageId }
  /** Dispatch `pause-over` after `ms`. */
  | { readonly type: 'pause'; readonly conversationId: ConversationId; readonly ms: number };

export type PostStep = readonly [PostQueue, readonly PostEffect[]];

/** Posts go out in order of writing and once each (PROTOCOL.md, Messages); total. */
export function nextPosts(queue: PostQueue, event: PostEvent): PostStep {
  const [changed, effects] = apply(queue, event);
  const [pumped, sends] = pump(changed);
  return [pumped, [...effects, ...sends]];
}

function apply(queue: PostQueue, event: PostEvent): PostStep {
  switch (event.type) {
    case 'loaded': {
      const known = new Set(queue.posts.map(post => post.id));
      const posts = [...event.posts.filter(post => !known.has(post.id)), ...queue.posts];
      return [{ ...queue, posts: posts.sort((a, b) => a.order - b.order) }, []];
    }
    case 'wrote':
      return [{ ...queue, posts: [...queue.posts, event.post] }, [{ type: 'keep', post: event.post }]];
    case 'live':
      return [{ ...queue, live: true, onTheirWay: event.kept ? queue.onTheirWay : new Set() }, []];
    case 'lost':
      return [{ ...queue, live: false }, []];
    case 'posted': {
      const post = queue.posts.find(
        ({ id, conversationId }) => id === event.id && conversationId === event.conversationId,
      );
      // What was kept of it goes when the entry that it became is kept, not before.
      return post ? [without(queue, post.id), []] : [queue, []];
    }
    case 'refused':
      return refused(queue, event.fault);
    case 'pause-over':
      return [{ ...queue, paused: minus(queue.paused, event.conversationId) }, []];
    case 'held':
      return held(queue, event.id, event.why);
    case 'released':
      return queue.held.size > 0 ? [{ ...queue, held: new Map() }, []] : [queue, []];
    case 'retry':
      return changed(queue, event.id, ({ fault, ...post }) => post);
    case 'delete': {
      const post = queue.posts.find(({ id }) => id === event.id && queue.onTheirWay.has(id));
      const forget = { type: 'forget', id: event.id } as const;
      return [without(queue, event.id), post ? [{ type: 'withdraw', post }, forget] : [forget]];
    }
  }
}

const minus = <T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> => new Set([...set].filter(one => one !== value));

function without(queue: PostQueue, id: MessageId): PostQueue {
  const posts = queue.posts.filter(post => post.id !== id);
  return { ...queue, posts, onTheirWay: minus(queue.onTheirWay, id), putOff: minus(queue.putOff, id) };
}

function changed(queue: PostQueue, id: MessageId, change: (post: Post) => Post): PostStep {
  const effects: PostEffect[] = [];
  const posts = queue.posts.map(post => {
    if (post.id !== id) return post;
    const after = change(post);
    effects.push({ type: 'keep', post: after });
    return after;
  });
  return [{ ...queue, posts, onTheirWay: minus(queue.onTheirWay, id), putOff: minus(queue.putOff, id) }, effects];
}

function refused(queue: PostQueue, fault: Fault): PostStep {
  const post = queue.posts.find(({ id }) => id === fault.re.id && queue.onTheirWay.has(id));
  if (!post) return [queue, []];
  if (fault.retryMs === undefined) return changed(queue, post.id, same => ({ ...same, fault: fault.code }));
  const { conversationId } = post;
  const later: PostQueue = {
    ...queue,
    onTheirWay: minus(queue.onTheirWay, post.id),
    paused: new Set([...queue.paused, conversationId]),
    putOff: new Set([...queue.putOff, post.id]),
  };
  return [later, [{ type: 'pause', conversationId, ms: fault.retryMs }]];
}

/** The encryption that failed is tried again after this, ms. */
const ENCRYPT_AGAIN_MS = 2_000;

function held(queue: PostQueue, id: MessageId, why: SendRefusal['why'] | 'failed'): PostStep {
  const post = queue.posts.find(waiting => waiting.id === id && queue.onTheirWay.has(id));
  if (!post) return [queue, []];
  if (why === 'too-large') return changed(queue, id, same => ({ ...same, fault: 'malformed' }));
  const { conversationId } = post;
  const stopped = { ...queue, onTheirWay: minus(queue.onTheirWay, id) };
  if (why !== 'failed') return [{ ...stopped, held: new Map([...queue.held, [conversationId, why]]) }, []];
  const paused = new Set([...queue.paused, conversationId]);
  return [{ ...stopped, paused }, [{ type: 'pause', conversationId, ms: ENCRYPT_AGAIN_MS }]];
}

/** Sends the first post of every conversation in which nothing holds it back. */
function pump(queue: PostQueue): PostStep {
  if (!queue.live) return [queue, []];
  const seen = new Set<ConversationId>();
  const sent: Post[] = [];
  for (const post of queue.posts) {
    if (seen.has(post.conversationId) || OF_THE_MESSAGE.has(post.fault)) continue;
    seen.add(post.conversationId);
    if (post.fault || queue.onTheirWay.has(post.id)) continue;
    if (queue.paused.has(post.conversationId) || queue.held.has(post.conversationId)) continue;
    sent.push(post);
  }
  if (sent.length === 0) return [queue, []];
  const onTheirWay = new Set([...queue.onTheirWay, ...sent.map(({ id }) => id)]);
  return [{ ...queue, onTheirWay }, sent.map(post => ({ type: 'send', post }))];
}
