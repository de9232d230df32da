import { shownName } from '#protocol/display-name';
import type { CallId, ConversationId, DeviceId, UserId } from '#protocol/ids';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import type { CallPush } from './call-notes.ts';
import type { DeclineTokens } from './decline-tokens.ts';
import type { MessagePush } from './message-notes.ts';
import type { Sending } from './sender.ts';

/** How long a push service keeps what a closed device has not fetched, in s. */
export const MESSAGE_TTL = 7 * 86_400;
export const CALL_OVER_TTL = 86_400;
const TEST_TTL = 60;

export type AnnouncerDeps = {
  store: Pick<Store, 'device' | 'userById' | 'call' | 'callsSeen'>;
  clock: Clock;
  timers: Timers;
  /** Whether a payload says who wrote or calls. */
  names: boolean;
  tokens: DeclineTokens;
  /** Whether this device has still to be told of that conversation, or still rings by its notification. */
  stands: (deviceId: DeviceId, about: { conversationId: ConversationId } | { callId: CallId }) => boolean;
  /** A device was told of what was there at this moment, ms since the epoch. */
  onTold: (push: { userId: UserId; deviceId: DeviceId }, at: number) => void;
};

/** Puts into words, for a device, what the notes say is to be pushed; and says until when it is of any use. */
export class Announcer {
  readonly #deps: AnnouncerDeps;

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /** A notification for trying it out. */
  test({ userId, deviceId }: { userId: UserId; deviceId: DeviceId }): Sending {
    const ttl = this.#lasting(TEST_TTL);
    return {
      userId,
      deviceId,
      treatment: () => ({ urgency: 'high', ttl: ttl(), tag: 'test' }),
      payload: language => ({ type: 'test', language }),
    };
  }

  message(push: MessagePush): Sending {
    const { what, userId, deviceId, conversationId, senderId, at } = push;
    const tag = `chat ${conversationId}`;
    if (what === 'read') {
      return {
        userId,
        deviceId,
        // `ttl: 0`: the push service delivers it now or not at all, and replaces what still waits under the same topic.
        treatment: () => ({ urgency: 'normal', ttl: 0, tag }),
        payload: language => ({ type: 'read', language, conversationId }),
      };
    }
    const ttl = this.#lasting(MESSAGE_TTL);
    const isDue = () => ttl() > 0 && this.#deps.stands(deviceId, { conversationId });
    return {
      userId,
      deviceId,
      owed: { since: at, accepted: () => this.#deps.onTold(push, at) },
      treatment: () => (isDue() ? { urgency: 'normal', ttl: ttl(), tag } : undefined),
      payload: async language => ({ type: 'message', language, conversationId, ...(await this.#nameOf(senderId)) }),
    };
  }

  /** @param at when it was answered or over, ms since the epoch */
  call(push: CallPush, at = this.#deps.clock.now()): Sending {
    return push.what === 'ring' ? this.#ring(push) : this.#callOver(push, at);
  }

  #ring({ userId, deviceId, callId, callerId, media, ringsUntil }: Extract<CallPush, { what: 'ring' }>): Sending {
    const leftMs = () => Math.floor(ringsUntil - this.#deps.timers.now());
    const isDue = () => leftMs() > 0 && this.#deps.stands(deviceId, { callId });
    const tag = tagOf(callId);
    return {
      userId,
      deviceId,
      treatment: () => (isDue() ? { urgency: 'high', ttl: Math.ceil(leftMs() / 1_000), tag } : undefined),
      payload: async language => ({
        type: 'ring',
        language,
        callId,
        callerId,
        media,
        ringMs: Math.max(0, leftMs()),
        decline: this.#deps.tokens.issue({ seat: { userId, deviceId }, callId }, ringsUntil),
        ...(await this.#nameOf(callerId)),
      }),
    };
  }

  #callOver(push: Extract<CallPush, { what: 'call-over' }>, at: number): Sending {
    const { userId, deviceId, callId, callerId, how } = push;
    const ttl = this.#lasting(CALL_OVER_TTL);
    const tag = tagOf(callId);
    return {
      userId,
      deviceId,
      owed: { since: at, accepted: () => this.#deps.onTold(push, at) },
      treatment: () => (ttl() > 0 ? { urgency: 'normal', ttl: ttl(), tag } : undefined),
      payload: async language =>
        how === 'missed' && (await this.#hasSeen(userId, callId))
          ? undefined
          : {
              type: 'call-over',
              language,
              callId,
              how,
              ...(await this.#nameOf(callerId)),
              ...(await this.#deviceName(push.answeredBy)),
            },
    };
  }

  /** How many of these seconds, which begin now, are left. */
  #lasting(seconds: number): () => number {
    const began = this.#deps.timers.now();
    return () => Math.ceil(seconds - (this.#deps.timers.now() - began) / 1_000);
  }

  /** A missed call that was looked at on another device meanwhile is no news. */
  async #hasSeen(userId: UserId, callId: CallId): Promise<boolean> {
    const [call, { seen }] = await Promise.all([this.#deps.store.call(callId), this.#deps.store.callsSeen(userId)]);
    return call !== null && call.position <= seen;
  }

  async #nameOf(userId: UserId): Promise<{ name?: string }> {
    if (!this.#deps.names) return {};
    const person = await this.#deps.store.userById(userId);
    return person === null || person.deleted ? {} : { name: shownName(person) };
  }

  async #deviceName(deviceId: DeviceId | undefined): Promise<{ device?: string }> {
    const found = deviceId === undefined ? null : await this.#deps.store.device(deviceId);
    return found === null ? {} : { device: found.device.name };
  }
}

const tagOf = (callId: CallId): string => `call ${callId}`;
