import type { ServerFrame, Unnumbered } from '#protocol/messages';
import type { CallId, DeviceAddress, DeviceId, UserId } from '#protocol/ids';

/**
 * One frame on its way to a user's devices: to all that have a session, to one, or to all but one. Domain functions
 * answer with deliveries; only the signaling layer knows sockets.
 */
export type Delivery = {
  userId: UserId;
  /** This device alone. */
  only?: DeviceId;
  /** Every device but this one. */
  except?: DeviceId;
  frame: Unnumbered<ServerFrame>;
};

/** Puts each delivery into the outboxes it is for; never throws, and a user without a session is no error. */
export type Deliver = (deliveries: readonly Delivery[]) => void;

/** What a changed relation means to the live side. */
export type RelationChange = {
  /** Who changed it, and the other of the two. */
  by: UserId;
  other: UserId;
  /** Whether the two could see each other before: accepted contacts of whom neither has blocked the other. */
  saw: boolean;
  /** Whether they can now. */
  sees: boolean;
  /** It was a block: the other must not learn of it. */
  blocked: boolean;
};

/** What HTTP may do to live sessions. */
export interface LiveSessions {
  readonly deliver: Deliver;
  /** Ends the sessions of devices that were removed, at once: their sockets close with 4401. */
  endDevices(deviceIds: readonly DeviceId[]): void;
  /** Presence between the two begins or ends, and a call of theirs ends where they may no longer call each other. */
  relationChanged(change: RelationChange): void;
  /** A device whose app is closed declines a call that rings. */
  declineCall(device: DeviceAddress, callId: CallId): void;
  /** Hands on a token that this process did not give; whether another one did, within a second. */
  declineElsewhere(token: string): Promise<boolean>;
  /** A device has subscribed to push. */
  subscribed(): void;
}
