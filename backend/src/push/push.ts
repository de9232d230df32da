import type { PushSubscription } from '#protocol/api/push';
import type { Call, Seat } from '#protocol/call-state';
import type { CallId, ConversationId, DeviceId, UserId } from '#protocol/ids';
import { CallNotes, type CallPush } from './call-notes.ts';
import { DeclineTokens, type Declining } from './decline-tokens.ts';
import { MessageNotes, type MessagePush, type Posted } from './message-notes.ts';
import { Sender, type SenderDeps } from './sender.ts';
import { Subscriptions, type SubscriptionsDeps } from './subscriptions.ts';
import { isPoint } from './vapid.ts';

export type PushDeps = Omit<SubscriptionsDeps, 'key' | 'isAllowed'> &
  Omit<SenderDeps, 'subscriptions'> & {
    /** Whether a payload says who wrote or calls. */
    names: boolean;
  };

/** How long a push service keeps what a closed device has not fetched, in s. */
const MESSAGE_TTL = 7 * 86_400;
const CALL_OVER_TTL = 86_400;
/** How often subscriptions of ended sessions are looked for, in ms. */
const SWEEP_MS = 6 * 3_600_000;

/** Messages and rings for devices whose page does not answer (PROTOCOL.md, Push). Nothing here throws or is waited for. */
export class Push {
  readonly #messages = new MessageNotes();
  readonly #calls = new CallNotes();
  readonly #tokens = new DeclineTokens();
  readonly #subscriptions: Subscriptions;
  readonly #sender: Sender;
  readonly #deps: PushDeps;
  #sweepAt: number;

  private constructor(deps: PushDeps) {
    const { keys } = deps.signer;
    const isAllowed = (endpoint: string) => deps.hosts.entryFor(endpoint) !== undefined;
    this.#deps = deps;
    this.#subscriptions = new Subscriptions({ ...deps, key: keys.publicKey, isAllowed });
    this.#sender = new Sender({ ...deps, subscriptions: this.#subscriptions });
    this.#sweepAt = deps.timers.now() + SWEEP_MS;
  }

  /** Reads the subscriptions first: whether somebody can be pushed is asked with the first call. */
  static async open(deps: PushDeps): Promise<Push> {
    const push = new Push(deps);
    await push.#subscriptions.load();
    return push;
  }

  /** Reads what other processes have added. */
  reload(): void {
    this.#subscriptions
      .load()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'push subscriptions could not be read'));
  }

  /** The key browsers subscribe with. */
  get publicKey(): string {
    return this.#deps.signer.keys.publicKey;
  }

  /** Whether a push can reach a device of this user. */
  hasPush(userId: UserId): boolean {
    return this.#subscriptions.has(userId);
  }

  /** A device subscribes. `refused`: no push service that is listed, or keys nothing can be encrypted for. */
  async subscribe(
    { userId, deviceId }: Seat,
    subscription: PushSubscription,
  ): Promise<'subscribed' | 'unknown-device' | 'refused'> {
    const { endpoint, keys } = subscription;
    if (this.#deps.hosts.entryFor(endpoint) === undefined || !isPoint(keys.p256dh)) return 'refused';
    return this.#subscriptions.subscribe(userId, deviceId, subscription);
  }

  async unsubscribe(deviceId: DeviceId): Promise<void> {
    this.#forget(deviceId);
    await this.#subscriptions.unsubscribe(deviceId);
  }

  /** A notification for trying it out; nobody is told what the push service says. */
  test({ userId, deviceId }: Seat): void {
    const treatment = { urgency: 'high', ttl: 60, tag: 'test' } as const;
    this.#sender.send({
      userId,
      deviceId,
      treatment: () => treatment,
      payload: language => ({ type: 'test', language }),
    });
  }

  /** A message for these people is stored, who are told of it and whom nothing withholds it from. */
  posted(message: Posted, to: readonly UserId[]): void {
    const devices = to.flatMap(userId => this.#subscriptions.of(userId));
    if (devices.length > 0) this.#messages.posted(message, devices, this.#deps.timers.now());
  }

  /** A page confirms messages, or says that they were read. */
  marked(reader: Seat, conversationId: ConversationId, { received = 0, read = 0 }: Marked): void {
    const { userId, deviceId } = reader;
    if (!this.hasPush(userId)) return;
    this.#messages.received(deviceId, conversationId, Math.max(received, read));
    const others = this.#subscriptions.of(userId).filter(row => row.deviceId !== deviceId);
    const pushes = this.#messages.read(
      conversationId,
      read,
      others.map(row => row.deviceId),
    );
    for (const push of pushes) this.#pushMessage(push);
  }

  /** A call that was written: it rings, is answered, or is over. `live` says whether a device has a page. */
  called(call: Call, live: (deviceId: DeviceId) => boolean): void {
    if (call.state === 'ringing') {
      const devices = this.#subscriptions.of(call.calleeId).map(({ deviceId }) => deviceId);
      for (const push of this.#calls.rang(call, devices, live, this.#deps.timers.now())) this.#pushCall(push);
    } else {
      this.#tokens.forget(call.callId);
      for (const push of this.#calls.settled(call)) this.#pushCall(push);
    }
  }

  /** The page of this device shows the ring. */
  shown({ deviceId }: Seat, callId: CallId): void {
    this.#calls.shown(callId, deviceId);
  }

  /** What the token of a pushed ring declines, once; its device needs no further word about that call. */
  decline(token: string): Declining | undefined {
    const declining = this.#tokens.take(token, this.#deps.timers.now());
    if (declining) this.#calls.shown(declining.callId, declining.seat.deviceId);
    return declining;
  }

  /** These devices are signed out. */
  endDevices(deviceIds: readonly DeviceId[]): void {
    for (const deviceId of deviceIds) {
      this.unsubscribe(deviceId).catch((error: unknown) =>
        this.#deps.log.error({ err: error }, 'a push subscription could not be removed'),
      );
    }
  }

  /** What time has made due; to be called about twice a second. */
  tick(): void {
    const now = this.#deps.timers.now();
    for (const push of this.#messages.due(now)) this.#pushMessage(push);
    for (const push of this.#calls.due(now)) this.#pushCall(push);
    this.#tokens.tick(now);
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_MS;
    this.#subscriptions
      .dropStale()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'old push subscriptions could not be removed'));
  }

  /** Resolves when everything due is sent. */
  idle(): Promise<void> {
    return this.#sender.idle();
  }

  /** Nothing more is sent; resolves when what was on its way has been answered, or its time is over. */
  close(): Promise<void> {
    return this.#sender.close();
  }

  #forget(deviceId: DeviceId): void {
    this.#messages.forget(deviceId);
    this.#calls.forget(deviceId);
  }

  #pushMessage({ what, userId, deviceId, conversationId, senderId }: MessagePush): void {
    const tag = `chat ${conversationId}`;
    // Now or never: to a device that is not there it only takes back what still waits under the same topic.
    const ttl = what === 'read' ? 0 : MESSAGE_TTL;
    this.#sender.send({
      ...{ userId, deviceId, treatment: () => ({ urgency: 'normal', ttl, tag }) },
      payload: async language =>
        what === 'read'
          ? { type: 'read', language, conversationId }
          : { type: 'message', language, conversationId, ...(await this.#nameOf(senderId)) },
    });
  }

  #pushCall(push: CallPush): void {
    const { userId, deviceId, callId, callerId, media } = push;
    const tag = `call ${callId}`;
    if (push.what === 'call-over') {
      this.#sender.send({
        ...{ userId, deviceId, treatment: () => ({ urgency: 'normal', ttl: CALL_OVER_TTL, tag }) },
        payload: async language => ({
          ...{ type: 'call-over', language, callId, how: push.how },
          ...(await this.#nameOf(callerId)),
          ...(await this.#deviceName(push.answeredBy)),
        }),
      });
      return;
    }
    const leftMs = () => Math.floor(push.ringsUntil - this.#deps.timers.now());
    this.#sender.send({
      ...{ userId, deviceId },
      treatment: () => (leftMs() > 0 ? { urgency: 'high', ttl: Math.ceil(leftMs() / 1_000), tag } : undefined),
      payload: async language => ({
        ...{ type: 'ring', language, callId, media, ringMs: Math.max(0, leftMs()) },
        decline: this.#tokens.issue({ seat: { userId, deviceId }, callId }, push.ringsUntil),
        ...(await this.#nameOf(callerId)),
      }),
    });
  }

  async #nameOf(userId: UserId): Promise<{ name?: string }> {
    if (!this.#deps.names) return {};
    const person = await this.#deps.store.userById(userId);
    return person === null || person.deleted ? {} : { name: person.displayName };
  }

  async #deviceName(deviceId: DeviceId | undefined): Promise<{ device?: string }> {
    const found = deviceId === undefined ? null : await this.#deps.store.device(deviceId);
    return found === null ? {} : { device: found.device.name };
  }
}

type Marked = { received?: number; read?: number };
