import { type WelcomeCall } from '#protocol/call-frames';
import { type Call, type CallRegistry, type EndedCall, type LiveCall } from '#protocol/call-state';
import { type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { type ClientCallFrame, type ServerCallFrame, type Unnumbered } from '#protocol/messages';
import { type Fault } from '#protocol/session-frames';

/** What the server half asks about the world, at the moment of the event. Nothing here may change while it decides. */
export interface CallWorld {
  /** Milliseconds on a clock that never goes back, the same for all events. */
  readonly now: number;
  /** How long a call rings, in ms; RING_MS where nobody says otherwise. */
  readonly ringMs?: number;
  /** The devices of this user that have a session: live, or lost and still inside its window. */
  sessions(userId: UserId): readonly DeviceId[];
  /** Whether a push can ring a device of this user that has no session. */
  hasPush(userId: UserId): boolean;
  /**
   * `contacts`: accepted, nobody is blocked. `blocked`: the callee has blocked the caller, to whom the callee is a
   * contact who is never there. Anything else is `strangers`, also a callee whom the caller has blocked.
   */
  relation(caller: UserId, callee: UserId): 'contacts' | 'blocked' | 'strangers';
  /** A call that has ended, from the store: asked for a call id that is not live (`lookupFor` says it beforehand). */
  endedCall(callId: CallId): EndedCall | undefined;
}

/** What happens to the server half. */
export type CallEvent =
  /** A parsed call frame; `from` is stamped from the session, and a `senderId` was compared with it. */
  | { readonly type: 'frame'; readonly from: DeviceAddress; readonly frame: Unnumbered<ClientCallFrame> }
  /**
   * A device gets a `welcome` that is not `resumed` (one that is resumed has lost nothing and is not told here):
   * `new` answers a hello, which may have named the calls its page is in; `again` repeats the picture.
   */
  | { readonly type: 'welcomed'; readonly seat: DeviceAddress; readonly how: 'new'; readonly named: readonly CallId[] }
  | { readonly type: 'welcomed'; readonly seat: DeviceAddress; readonly how: 'again' }
  /** A session is past its window. */
  | { readonly type: 'expired'; readonly seat: DeviceAddress }
  /** A session said `bye`, or its device has been signed out or removed. */
  | { readonly type: 'left'; readonly seat: DeviceAddress }
  /** The deadline of this call (`deadlineOf`) may have passed; too early is harmless. */
  | { readonly type: 'deadline'; readonly callId: CallId }
  /** A pushed ring was declined by its notification: the device need not have joined the ring. */
  | { readonly type: 'declined'; readonly seat: DeviceAddress; readonly callId: CallId }
  /** One of the two has removed or blocked the other; `blockedBy` where it was a block, of which the other must not learn. */
  | { readonly type: 'separated'; readonly users: readonly [UserId, UserId]; readonly blockedBy?: UserId }
  /** The server has started: these calls were live in the store, and no session has survived. */
  | { readonly type: 'restarted'; readonly calls: readonly LiveCall[] };

/**
 * What the shell does, strictly in this order, and the effects of a later event after those of an earlier one (at
 * least of the same users): a `record` is durable before anything behind it is said.
 */
export type CallEffect =
  /** Write the call: it has begun to ring, has become active, or has ended. */
  | { readonly do: 'record'; readonly call: Call }
  /** Say the welcome to this device, with these calls in it; what follows goes into its outbox behind it. */
  | { readonly do: 'welcome'; readonly to: DeviceAddress; readonly calls: readonly WelcomeCall[] }
  /** Into the outbox of this device's session; dropped when it has none. */
  | { readonly do: 'send'; readonly to: DeviceAddress; readonly frame: Unnumbered<ServerCallFrame | Fault> };

/** The effect that says one frame to one device. */
export type Send = Extract<CallEffect, { readonly do: 'send' }>;

export type CallStep = readonly [CallRegistry, readonly CallEffect[]];
