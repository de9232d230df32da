import type { WelcomeCall } from '#protocol/call-frames';
import type { DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { Delivery } from '../events/event.ts';
import type { DeviceHere } from './bus-messages.ts';

/** This process's own sessions, as the exchange sees them. */
export type OwnSessions = {
  of: (userId: UserId) => DeviceHere[];
  seats: () => DeviceAddress[];
  has: (deviceId: DeviceId) => boolean;
  send: (to: DeviceAddress, frame: Delivery['frame']) => void;
  welcome: (device: DeviceAddress, calls: readonly WelcomeCall[]) => void;
  /** Reads what a welcome that comes again says beside the call. */
  prepare: (device: DeviceAddress) => Promise<void>;
  /** It has a newer session on another process: its socket closes with 4409. */
  replaced: (deviceId: DeviceId) => void;
  /** Every session ends, its socket closed with 1012. */
  restart: () => void;
};
