import type { PushLanguage } from '#protocol/api/push';
import type { DeviceId, UserId } from '#protocol/ids';

/** A device's subscription at a push service (Push API, 8). */
export type NewPush = {
  deviceId: DeviceId;
  endpoint: string;
  p256dh: string;
  auth: string;
  language: PushLanguage;
  /** The VAPID public key it was made with: it takes messages signed with no other (RFC 8292, 4). */
  key: string;
  /** What came until then is not owed to it, ms since the epoch: when it subscribed, or was last told of something. */
  at: number;
};
export type PushRow = NewPush & { userId: UserId };

export interface PushStore {
  /** The device's only subscription from now on; an endpoint that another device had moves here. */
  subscribePush(push: NewPush): Promise<'subscribed' | 'unknown-device'>;
  /** With an endpoint: only if it still is the device's. */
  unsubscribePush(deviceId: DeviceId, endpoint?: string): Promise<void>;
  /** Raises `at`, if the endpoint still is the device's. */
  toldPush(deviceId: DeviceId, endpoint: string, at: number): Promise<void>;
  /** The subscriptions of all devices whose accounts are not disabled. */
  pushSubscriptions(): Promise<PushRow[]>;
  /**
   * Drops subscriptions made with another key than `key`, and those of devices whose session is over: last refreshed
   * before `refreshedSince`, signed in before `signedInSince`, or without a token. Answers with the devices.
   */
  dropStalePush(stale: { key: string; refreshedSince: number; signedInSince: number }): Promise<DeviceId[]>;
}
