import type { PushSubscription } from '#protocol/api/push';
import type { Call } from '#protocol/call-state';
import type { CallId, ConversationId, DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { Mark } from '../chat/grown-marks.ts';
import type { Store } from '../store/store.ts';
import { Announcer, type AnnouncerDeps } from './announcer.ts';
import { CallNotes } from './call-notes.ts';
import { DeclineTokens, type Declining } from './decline-tokens.ts';
import { MessageNotes, type Posted } from './message-notes.ts';
import { owedTo } from './owed.ts';
import { Sender, type SenderDeps } from './sender.ts';
import { Subscriptions, type SubscriptionsDeps } from './subscriptions.ts';
import { isPoint } from './vapid.ts';

export type PushDeps = Omit<SubscriptionsDeps, 'key' | 'isAllowed'> &
  Omit<SenderDeps, 'subscriptions'> &
  Omit<AnnouncerDeps, 'tokens' | 'stands' | 'onTold'> & { store: Pick<Store, 'conversationsOf' | 'callsOf'> };

/** How often subscriptions of ended sessions are looked for, in ms. */
const SWEEP_MS = 6 * 3_600_000;
/** How long pages have after a start to come back and to confirm what they missed, in ms. */
const RETURN_MS = 5_000;
/** When the store is asked again that could not answer, in ms. */
const RETRY_MS = 60_000;

/** Messages and rings for devices whose page does not answer (PROTOCOL.md, Push). Nothing here throws or is waited for. */
export class Push {
  readonly #messages = new MessageNotes();
  readonly #calls = new CallNotes();
  readonly #tokens = new DeclineTokens();
  readonly #subscriptions: Subscriptions;
  readonly #sender: Sender;
  readonly #announcer: Announcer;
  readonly #deps: PushDeps;
  /** When this process began, ms since the epoch: of what came before it owes what the store says. */
  readonly #began: number;
  #makeUpAt: number;
  #makingUp: Promise<void> | undefined;
  #sweepAt: number;

  private constructor(deps: PushDeps) {
    const { keys } = deps.signer;
    const isAllowed = (endpoint: string) => deps.hosts.entryFor(endpoint) !== undefined;
    this.#deps = deps;
    this.#subscriptions = new Subscriptions({ ...deps, key: keys.publicKey, isAllowed });
    this.#sender = new Sender({ ...deps, subscriptions: this.#subscriptions });
    this.#announcer = new Announcer({
      ...deps,
      tokens: this.#tokens,
      stands: (deviceId, about) =>
        'callId' in about
          ? this.#calls.rings(about.callId, deviceId)
          : this.#messages.stands(deviceId, about.conversationId),
      onTold: (push, at) => this.#told(push, at),
    });
    this.#began = deps.clock.now();
    this.#makeUpAt = deps.timers.now() + RETURN_MS;
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

  /** Whether anybody has turned push on. */
  get isUsed(): boolean {
    return this.#subscriptions.all().length > 0;
  }

  /** Whether a push can reach a device of this user. */
  hasPush(userId: UserId): boolean {
    return this.#subscriptions.has(userId);
  }

  /** A device subscribes. `refused`: no push service that is listed, or keys nothing can be encrypted for. */
  async subscribe(
    { userId, deviceId }: DeviceAddress,
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
  test(device: DeviceAddress): void {
    this.#sender.send(this.#announcer.test(device));
  }

  /** A message for these people is stored, who are told of it and whom nothing withholds it from. */
  posted(message: Posted, to: readonly UserId[]): void {
    const devices = to.flatMap(userId => this.#subscriptions.of(userId));
    if (devices.length > 0) this.#messages.posted(message, devices, this.#deps.timers.now());
  }

  /** A page confirms messages, or says that they were read. */
  marked(reader: DeviceAddress, conversationId: ConversationId, { received = 0, read = 0 }: Mark): void {
    const { userId, deviceId } = reader;
    if (!this.hasPush(userId)) return;
    this.#messages.received(deviceId, conversationId, Math.max(received, read));
    const others = this.#subscriptions.of(userId).filter(row => row.deviceId !== deviceId);
    const pushes = this.#messages.read(
      conversationId,
      read,
      others.map(row => row.deviceId),
    );
    for (const push of pushes) this.#sender.send(this.#announcer.message(push));
  }

  /** What was retracted is told to none of these people any more, and taken back where it was told. */
  retracted(conversationId: ConversationId, seq: number, of: readonly UserId[]): void {
    const devices = of.flatMap(userId => this.#subscriptions.of(userId)).map(({ deviceId }) => deviceId);
    for (const push of this.#messages.retracted(conversationId, seq, devices))
      this.#sender.send(this.#announcer.message(push));
  }

  /** A call that was written: it rings, is answered, or is over. `live` says whether a device has a page. */
  called(call: Call, live: (deviceId: DeviceId) => boolean): void {
    if (call.state === 'ringing') {
      const devices = this.#subscriptions.of(call.calleeId).map(({ deviceId }) => deviceId);
      for (const push of this.#calls.rang(call, devices, live, this.#deps.timers.now()))
        this.#sender.send(this.#announcer.call(push));
    } else {
      this.#tokens.forget(call.callId);
      const pushes = this.#calls.settled(call);
      for (const push of pushes) this.#sender.send(this.#announcer.call(push));
      for (const row of this.#subscriptions.of(call.calleeId))
        if (!pushes.some(({ deviceId }) => deviceId === row.deviceId)) this.#told(row, this.#deps.clock.now());
    }
  }

  /** The page of this device shows the ring. */
  shown({ deviceId }: DeviceAddress, callId: CallId): void {
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
    for (const push of this.#messages.due(now)) this.#sender.send(this.#announcer.message(push));
    for (const push of this.#calls.due(now)) this.#sender.send(this.#announcer.call(push));
    this.#tokens.tick(now);
    this.#sender.tick();
    if (now >= this.#makeUpAt) {
      this.#makeUpAt = Infinity;
      this.#makingUp = this.#makeUp();
    }
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_MS;
    this.#subscriptions
      .dropStale()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'old push subscriptions could not be removed'));
  }

  /** Resolves when everything due is sent. */
  async idle(): Promise<void> {
    await this.#makingUp;
    await this.#sender.idle();
  }

  /** Nothing more is sent; resolves when what was on its way has been answered, or its time is over. */
  async close(): Promise<void> {
    this.#makeUpAt = Infinity;
    await this.#sender.close();
    await this.#makingUp;
  }

  #forget(deviceId: DeviceId): void {
    this.#messages.forget(deviceId);
    this.#calls.forget(deviceId);
  }

  /** What the store says this process owes for those before it; once, when pages have had the time to come back. */
  async #makeUp(): Promise<void> {
    const { store, log } = this.#deps;
    try {
      await this.#subscriptions.load();
      for (const [userId, rows] of this.#subscriptions.all()) {
        const { messages, calls } = await owedTo(store, userId, rows, this.#began);
        for (const { devices, ...posted } of messages) this.#messages.posted(posted, devices, this.#deps.timers.now());
        for (const { push, at } of calls) this.#sender.send(this.#announcer.call(push, at));
      }
    } catch (error) {
      log.error({ err: error }, 'what is owed to closed apps could not be read');
      this.#makeUpAt = this.#deps.timers.now() + RETRY_MS;
    }
  }

  /** A device was told of all that was there at this moment, but of what is still on its way to it or not due yet. */
  #told({ userId, deviceId }: DeviceAddress, at: number): void {
    const owed = [...this.#messages.owedSince(deviceId), ...this.#sender.owedSince(deviceId)];
    const upTo = Math.min(at, ...owed.filter(since => since < at).map(since => since - 1));
    this.#subscriptions
      .told(userId, deviceId, upTo)
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'a push could not be noted'));
  }
}
