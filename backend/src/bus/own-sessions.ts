import type { WelcomeCall } from '#protocol/call-frames';
import type { CallId, DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { Delivery, RelationChange } from '../delivery.ts';
import type { DeviceHere, PushNews } from './bus-messages.ts';

/** This process's own sessions, as the exchange sees them. */
export type OwnSessions = {
  of: (userId: UserId) => DeviceHere[];
  seats: () => DeviceAddress[];
  has: (deviceId: DeviceId) => boolean;
  deliver: (deliveries: readonly Delivery[]) => void;
  send: (to: DeviceAddress, frame: Delivery['frame']) => void;
  welcome: (device: DeviceAddress, call: WelcomeCall | undefined) => void;
  /** Reads what a welcome that comes again says beside the call. */
  prepare: (device: DeviceAddress) => Promise<void>;
  /** It has a newer session on another process: its socket closes with 4409. */
  replaced: (deviceId: DeviceId) => void;
  endDevices: (deviceIds: readonly DeviceId[]) => void;
  /** Every session ends, its socket closed with 1012. */
  restart: () => void;
  /** What was confirmed, retracted or subscribed on another process. */
  heardOfPush: (news: PushNews) => void;
  /** What the token of a notification declines, if this process gave it. */
  declining: (token: string) => { seat: DeviceAddress; callId: CallId } | undefined;
  /** What is known of these people may have changed. */
  touch: (users: readonly UserId[]) => void;
  /** Presence between two people begins or ends. */
  relationChanged: (change: RelationChange) => void;
};
