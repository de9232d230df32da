import type { Call } from '#protocol/call-state';
import type { CallId, ConversationId, DeviceAddress, DeviceId, UserId } from '#protocol/ids';
import type { ServerFrame, Unnumbered } from '#protocol/messages';
import type { Mark } from '../chat/grown-marks.ts';

/**
 * One frame on its way to a user's devices: to all that have a session, to one, or to all but one. Only the signaling
 * layer knows sockets.
 */
export type Delivery = {
  userId: UserId;
  /** This device alone. */
  only?: DeviceId;
  /** Every device but this one. */
  except?: DeviceId;
  frame: Unnumbered<ServerFrame>;
};

/** What a changed relation means to who is connected. */
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

/** A message in the store; `at` in ms since the epoch. */
export type PostedMessage = { conversationId: ConversationId; senderId: UserId; seq: number; at: number };

/** What happens in an installation, on whichever process. */
export type SharedEvent =
  /** Frames for people: each goes into the outboxes it is for; a user without a session is no error. */
  | { kind: 'deliver'; deliveries: readonly Delivery[] }
  /** These devices may not have a session any more: their sockets close with 4401. */
  | { kind: 'devices-removed'; deviceIds: readonly DeviceId[] }
  /** Whether this person's calls are to go through relays alone, from now on. */
  | { kind: 'settings-changed'; userId: UserId; relayCalls: boolean }
  /** Presence between the two begins or ends, and a call of theirs ends where they may no longer call each other. */
  | { kind: 'relation-changed'; change: RelationChange }
  /** A page has confirmed messages, or says that they were read. */
  | { kind: 'marked'; reader: DeviceAddress; conversationId: ConversationId; mark: Mark }
  /** These people are told no more of a message. */
  | { kind: 'retracted'; users: readonly UserId[]; conversationId: ConversationId; seq: number }
  /** A device has subscribed to push. */
  | { kind: 'push-subscribed' };

/** What concerns the process alone on which it happens. */
export type LocalEvent =
  /** A message is stored, of which these people may be told. */
  | { kind: 'posted'; message: PostedMessage; users: readonly UserId[] }
  /** What this person's devices publish for encryption has changed, or a device of theirs has gone. */
  | { kind: 'keys-changed'; userId: UserId }
  /** Something about this user's sessions here has changed. `opened`: a device has a new one. */
  | { kind: 'sessions-changed'; userId: UserId; opened?: DeviceId | undefined }
  /** Whether these people have a seat in a call, or a page elsewhere, may have changed. */
  | { kind: 'people-changed'; users: readonly UserId[] }
  /** Other processes may have changed something that was not heard here. */
  | { kind: 'unheard' }
  /** Devices have subscribed to push on another process. */
  | { kind: 'subscriptions-stale' }
  /** A call was written: it rings, was answered, or is over. */
  | { kind: 'call-changed'; call: Call }
  /** The page of this device says that it shows the ring. */
  | { kind: 'ring-shown'; device: DeviceAddress; callId: CallId }
  /** A device whose app is closed declines a call that rings. */
  | { kind: 'ring-declined'; device: DeviceAddress; callId: CallId };

export type Event = SharedEvent | LocalEvent;
export type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>;
