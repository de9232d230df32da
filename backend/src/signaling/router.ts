import { isSeatFrame, SEAT_TYPES } from '#protocol/call-frames';
import type { FaultCode } from '#protocol/faults';
import type { DeviceAddress } from '#protocol/ids';
import type { ClientCallFrame, Unnumbered } from '#protocol/messages';
import type { Fault } from '#protocol/session-frames';
import { assertNever } from '#protocol/result';
import { subjectOf, type Chat } from '../chat/chat.ts';
import type { Timers } from '../timers.ts';
import type { Routed } from './connection.ts';
import { INVITE_PACE, paced, POST_PACE, TYPING_PACE, type Pace } from './pace.ts';
import type { Guest, Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export type RouterDeps = {
  sessions: Sessions;
  timers: Timers;
  chat: Chat;
  onCallFrame: (from: DeviceAddress, frame: ClientCallFrame) => void;
};

/**
 * Hands each frame to the room it is for. The sender is the session's own: who claims another one is refused, and
 * what is handed on names the session alone.
 */
export function createRouter({ sessions, timers, chat, onCallFrame }: RouterDeps) {
  function refuse(session: Session, frame: Routed, code: FaultCode, detail: string, retryMs?: number): void {
    const fault: Unnumbered<Fault> = { type: 'fault', re: { type: frame.type, id: idOf(frame) }, code, detail };
    sessions.send(session, retryMs === undefined ? fault : { ...fault, retryMs });
  }

  /** Whether it is time for one more; keeps count. */
  function inPace(session: Session, what: 'posts' | 'invites' | 'typing', pace: Pace): boolean {
    const due = paced(session.due[what], timers.now(), pace);
    if (due !== null) session.due[what] = due;
    return due !== null;
  }

  return (session: Session, frame: Routed): void => {
    const refusal = refusalOf(session, frame);
    if (refusal) return refuse(session, frame, ...refusal);
    const { userId, deviceId } = session;
    const from = { userId, deviceId };
    if (isSeatFrame(frame)) return onCallFrame(from, frame);
    switch (frame.type) {
      case 'call.invite':
      case 'call.move':
      case 'guest.open':
        if (inPace(session, 'invites', INVITE_PACE)) return onCallFrame(from, namedAs(session, frame));
        return refuse(session, frame, 'too-fast', 'Too many calls in a short time.', INVITE_PACE.everyMs);
      case 'call.ringing':
      case 'call.accept':
      case 'call.resume':
      case 'call.moved':
      case 'call.decline':
      case 'call.hangup':
      case 'guest.close':
        return onCallFrame(from, frame);
      case 'chat.post':
      case 'chat.retract':
        if (!inPace(session, 'posts', POST_PACE))
          return refuse(session, frame, 'too-fast', 'Too many messages in a short time.', 1_000);
        return frame.type === 'chat.post' ? chat.post(from, frame) : chat.retract(from, frame);
      case 'chat.received':
        return chat.mark(from, frame, { received: frame.seq });
      case 'chat.read':
        return chat.mark(from, frame, { read: frame.seq });
      case 'chat.typing':
        return inPace(session, 'typing', TYPING_PACE) ? chat.typing(from, frame) : undefined;
      default:
        return assertNever(frame);
    }
  };
}

/** Why this session may not say this frame, whatever else is true. */
function refusalOf({ userId, guest }: Session, frame: Routed): [FaultCode, string] | null {
  if (frame.senderId !== undefined && frame.senderId !== userId)
    return ['sender-mismatch', 'The sender is whoever the session belongs to.'];
  if (guest !== undefined && !isForGuests(guest, frame))
    return ['not-for-guests', 'A guest has one call and nothing else.'];
  return null;
}

/** What a guest may say, of their own call alone: that they knock, what goes from seat to seat, and that they leave. */
export const GUEST_FRAMES: ReadonlySet<Routed['type']> = new Set(['call.invite', 'call.hangup', ...SEAT_TYPES]);

const isForGuests = ({ callId }: Guest, frame: Routed): boolean =>
  GUEST_FRAMES.has(frame.type) && 'callId' in frame && frame.callId === callId;

/** A knock with the name that its token has; no other invite has one. */
function namedAs({ guest }: Session, frame: ClientCallFrame): ClientCallFrame {
  if (frame.type !== 'call.invite') return frame;
  const { name: _, ...plain } = frame;
  return guest === undefined ? plain : { ...plain, name: guest.name };
}

/** What a fault about this frame names. */
const idOf = (frame: Routed): string => ('callId' in frame ? frame.callId : subjectOf(frame));
