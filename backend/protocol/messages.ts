import * as z from 'zod/mini';
import * as calls from '#protocol/call-frames';
import * as chat from '#protocol/chat-frames';
import * as session from '#protocol/session-frames';

/** Everything a client may say. */
export const clientFrame = z.discriminatedUnion('type', [
  session.hello,
  session.ackFrame,
  session.ping,
  session.bye,
  session.visibility,
  calls.callInvite,
  calls.callRinging,
  calls.callAccept,
  calls.callResume,
  calls.callMove,
  calls.callMoved,
  calls.callDecline,
  calls.callHangup,
  calls.guestOpen,
  calls.guestClose,
  calls.toSeat,
  chat.chatPost,
  chat.chatReceived,
  chat.chatRead,
  chat.chatRetract,
  chat.chatTypingNow,
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** Everything a server may say. */
export const serverFrame = z.discriminatedUnion('type', [
  session.welcome,
  session.ackFrame,
  session.ping,
  session.fault,
  session.presence,
  session.contactsChanged,
  session.devicesChanged,
  session.callsChanged,
  session.keysState,
  session.serverRestarting,
  calls.callInvited,
  calls.callRingingAt,
  calls.callAccepted,
  calls.callEnded,
  calls.callPeerAbsent,
  calls.callMoving,
  calls.callElsewhere,
  calls.guestLink,
  calls.fromSeat,
  chat.chatPosted,
  chat.chatMessage,
  chat.chatRetracted,
  chat.chatReceipt,
  chat.chatTyping,
]);
export type ServerFrame = z.infer<typeof serverFrame>;

/** The frames of a union that may have this type: `FrameOf<ClientFrame, 'call.invite'>`. */
export type FrameOf<F extends { type: string }, T extends F['type']> = F extends { type: T }
  ? F
  : F extends { type: infer S }
    ? [T & S] extends [never]
      ? never
      : F & { type: T }
    : never;
/** A frame before its outbox numbers it; distributes over the union. */
export type Unnumbered<F> = F extends unknown ? Omit<F, 'n' | 'ack'> : never;

export type ClientCallFrame = Extract<ClientFrame, { callId: string }>;
export type ServerCallFrame = Extract<ServerFrame, { callId: string }>;
export type ClientChatFrame = Extract<ClientFrame, { conversationId: string }>;

// What is only true for a moment is worth nothing after a reconnect, and what steers the session itself is never stored.
const UNRELIABLE = new Set(['hello', 'ack', 'ping', 'bye', 'presence', 'chat.typing', 'keys.state']);

/** Whether frames of this type carry `n`. (The `welcome` that answers a hello does not, one that comes `again` does.) */
export const isReliable = (type: (ClientFrame | ServerFrame)['type']): boolean => !UNRELIABLE.has(type);
