import type { Seat } from '#protocol/call-state';
import type { FaultCode } from '#protocol/faults';
import type { ClientChatFrame, ClientFrame, FrameOf, Unnumbered } from '#protocol/messages';
import type { Fault } from '#protocol/session-frames';
import type { Clock } from '../clock.ts';
import type { Deliver, Delivery } from '../delivery.ts';
import type { Logger } from '../log.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { createTurns } from '../turns.ts';
import { audienceOf, type Audience } from './audience.ts';
import { receipts, settledPost, typingTold } from './deliveries.ts';

type Post = FrameOf<ClientFrame, 'chat.post'>;

export type ChatDeps = { store: Store; clock: Clock; deliver: Deliver; log: Logger };

/** Messages, marks and typing. Nothing here throws or rejects: what fails is answered with a fault to who asked. */
export type Chat = {
  post(author: Seat, post: Post): void;
  mark(reader: Seat, frame: ClientChatFrame, mark: { received?: number; read?: number }): void;
  typing(writer: Seat, frame: ClientChatFrame): void;
  /** Resolves when everything asked is answered. */
  idle(): Promise<void>;
};

/** Store overload passes: come back after this long, in ms. */
const RETRY_MS = 2_000;

export function createChat({ store, clock, deliver, log }: ChatDeps): Chat {
  // Posts enter the store in order of arrival without waiting for each other's commit, and are told in order of `seq`.
  const entering = createTurns();
  const telling = createTurns();
  const marking = createTurns();

  function refuse(who: Seat, frame: ClientChatFrame, code: FaultCode, detail: string, retryMs?: number): void {
    const id = frame.type === 'chat.post' ? frame.id : frame.conversationId;
    const fault: Unnumbered<Fault> = { type: 'fault', re: { type: frame.type, id }, code, detail };
    deliver([toDevice(who, retryMs === undefined ? fault : { ...fault, retryMs })]);
  }

  function failed(who: Seat, frame: ClientChatFrame, error: unknown): void {
    log.error({ err: error, type: frame.type }, 'the store refused');
    const passes = error instanceof StoreError && error.fault === 'overloaded';
    if (passes) refuse(who, frame, 'try-later', 'The server is busy.', RETRY_MS);
    else refuse(who, frame, 'internal', 'The server could not store it.');
  }

  async function enter(author: Seat, post: Post): Promise<void> {
    const { conversationId, id, data } = post;
    const audience = await audienceOf(store, conversationId, author.userId);
    const tell = (job: () => Promise<void>) =>
      telling.take(conversationId, () => job().catch((error: unknown) => failed(author, post, error)));
    if (!audience.ok) return tell(async () => refuse(author, post, audience.error, DETAILS[audience.error]));
    const { withheldFrom } = audience.value;
    const { userId: senderId, deviceId } = author;
    const at = clock.now();
    const appended = store.appendMessage({ conversationId, id, senderId, deviceId, data, at, withheldFrom });
    appended.catch(() => undefined); // Reported in its turn.
    tell(async () => {
      const outcome = await appended;
      if (outcome.kind === 'id-reused') refuse(author, post, 'id-reused', 'Another message has this id.');
      else deliver(settledPost(author, post, audience.value, outcome));
    });
  }

  async function grow(reader: Seat, frame: ClientChatFrame, mark: { received?: number; read?: number }): Promise<void> {
    const { conversationId } = frame;
    const members = await store.membersOf(conversationId);
    if (!members.includes(reader.userId)) return refuse(reader, frame, 'not-a-member', DETAILS['not-a-member']);
    const { marks, grew } = await store.mark(conversationId, reader.userId, mark);
    if (!grew) return;
    const audience = await audienceOf(store, conversationId, reader.userId);
    const user = await store.userById(reader.userId);
    const others = audience.ok ? reached(audience.value) : [];
    deliver(receipts(conversationId, reader, marks, others, user?.settings.readReceipts ?? true));
  }

  async function tellTyping(writer: Seat, { conversationId }: ClientChatFrame): Promise<void> {
    const audience = await audienceOf(store, conversationId, writer.userId);
    if (audience.ok) deliver(typingTold(conversationId, writer, reached(audience.value)));
  }

  return {
    post: (author, post) =>
      entering.take(post.conversationId, () =>
        enter(author, post).catch((error: unknown) => failed(author, post, error)),
      ),
    mark: (reader, frame, mark) =>
      marking.take(frame.conversationId, () =>
        grow(reader, frame, mark).catch((error: unknown) => failed(reader, frame, error)),
      ),
    typing: (writer, frame) => {
      tellTyping(writer, frame).catch((error: unknown) => log.error({ err: error }, 'typing was not told'));
    },
    idle: async () => {
      await Promise.all([entering.idle(), marking.idle()]);
      await telling.idle();
    },
  };
}

const DETAILS = {
  'not-a-member': 'You are not in this conversation.',
  'not-contacts': 'Only accepted contacts can write to each other.',
} as const;

const reached = ({ others, withheldFrom }: Audience): string[] => others.filter(one => !withheldFrom.includes(one));

const toDevice = ({ userId, deviceId }: Seat, frame: Delivery['frame']): Delivery => ({
  userId,
  only: deviceId,
  frame,
});
