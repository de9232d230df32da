import type { PushSubscription } from '#protocol/api/push';
import type { DeviceId, UserId } from '#protocol/ids';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { PushRow } from '../store/push.ts';
import type { Store } from '../store/store.ts';

export type SubscriptionsDeps = {
  store: Pick<Store, 'subscribePush' | 'unsubscribePush' | 'toldPush' | 'pushSubscriptions' | 'dropStalePush'>;
  clock: Clock;
  log: Logger;
  /** The VAPID public key subscriptions are made with. */
  key: string;
  /** Whether this endpoint may be asked at all, by today's configuration. */
  isAllowed: (endpoint: string) => boolean;
  /** How long a session lasts without a refresh, and at all, in ms. */
  sessionMs: { idle: number; absolute: number };
};

/** All subscriptions, in memory as in the store: whether somebody can be pushed is asked with every call. */
export class Subscriptions {
  readonly #byUser = new Map<UserId, Map<DeviceId, PushRow>>();
  readonly #deps: SubscriptionsDeps;

  constructor(deps: SubscriptionsDeps) {
    this.#deps = deps;
  }

  /** Reads what is there, without what was made with another key or is over. */
  async load(): Promise<void> {
    const dropped = await this.dropStale();
    if (dropped > 0) this.#deps.log.info({ dropped }, 'push subscriptions of another key or an ended session are gone');
    const rows = await this.#deps.store.pushSubscriptions();
    for (const row of rows) if (this.#deps.isAllowed(row.endpoint)) this.#keep(row);
  }

  /** Those of sessions that are over; answers with how many. */
  async dropStale(): Promise<number> {
    const { store, clock, key, sessionMs } = this.#deps;
    const now = clock.now();
    const limits = { refreshedSince: now - sessionMs.idle, signedInSince: now - sessionMs.absolute };
    const dropped = await store.dropStalePush({ key, ...limits });
    for (const deviceId of dropped) this.#drop(({ deviceId: id }) => id === deviceId);
    return dropped.length;
  }

  has(userId: UserId): boolean {
    return this.#byUser.has(userId);
  }

  /** Each person who has any, with them. */
  all(): [UserId, PushRow[]][] {
    return Array.from(this.#byUser, ([userId, own]) => [userId, [...own.values()]]);
  }

  of(userId: UserId): PushRow[] {
    return [...(this.#byUser.get(userId)?.values() ?? [])];
  }

  find(userId: UserId, deviceId: DeviceId): PushRow | undefined {
    return this.#byUser.get(userId)?.get(deviceId);
  }

  /** Sets the subscription of this device; another device that had this endpoint loses it. */
  async subscribe(
    userId: UserId,
    deviceId: DeviceId,
    { endpoint, keys, language }: PushSubscription,
  ): Promise<'subscribed' | 'unknown-device'> {
    const { store, clock, key } = this.#deps;
    const row = { deviceId, endpoint, ...keys, language, key, at: clock.now() };
    const outcome = await store.subscribePush(row);
    if (outcome !== 'subscribed') return outcome;
    this.#drop(known => known.endpoint === endpoint || known.deviceId === deviceId);
    this.#keep({ ...row, userId });
    return outcome;
  }

  /** With an endpoint: only if it still is the device's. */
  async unsubscribe(deviceId: DeviceId, endpoint?: string): Promise<void> {
    this.#drop(known => known.deviceId === deviceId && (endpoint ?? known.endpoint) === known.endpoint);
    await this.#deps.store.unsubscribePush(deviceId, endpoint);
  }

  /** This device has been told of what came until `at`, ms since the epoch, as others may ask after a restart. */
  async told(userId: UserId, deviceId: DeviceId, at: number): Promise<void> {
    const row = this.find(userId, deviceId);
    if (row === undefined || row.at >= at) return;
    this.#keep({ ...row, at });
    await this.#deps.store.toldPush(deviceId, row.endpoint, at);
  }

  #keep(row: PushRow): void {
    const own = this.#byUser.get(row.userId) ?? new Map<DeviceId, PushRow>();
    this.#byUser.set(row.userId, own.set(row.deviceId, row));
  }

  #drop(which: (row: PushRow) => boolean): void {
    for (const [userId, own] of this.#byUser) {
      for (const [deviceId, row] of own) if (which(row)) own.delete(deviceId);
      if (own.size === 0) this.#byUser.delete(userId);
    }
  }
}
