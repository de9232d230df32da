import { type CallId, type SessionId } from '#protocol/ids';
import { OUTBOX_FRAMES } from '#protocol/limits';
import { isReliable, type ClientFrame, type FrameOf, type ServerFrame } from '#protocol/messages';
import {
  ackDue,
  confirm,
  emptyOutbox,
  receive,
  resend,
  send,
  sendAck,
  sendUnnumbered,
  unconfirmed,
  type Outbox,
} from '#protocol/outbox';
import { parseServerFrame } from '#protocol/parse';
import { type Welcome } from '#protocol/session-frames';
import { keyOf, refusal, whyRefused } from './refused-frame';
import { type Heard, type Said } from './said';

/** A session that the server knows: its id, and what was said in it and is not confirmed. */
interface Known {
  readonly id: SessionId;
  readonly outbox: Outbox<Said>;
}

/** What is known of a frame for which the server closes sockets. */
interface Suspicion {
  /** The key of the frame that the server named when it last closed a socket for one. */
  readonly blamed: string | null;
  /**
   * A socket was closed for a frame that the server could not name: one at a time is on its way, the last of them with the
   * number `written`, until the next close names it or all are confirmed.
   */
  readonly probe: { readonly written: number } | null;
}

/** Without a welcome. */
interface Away extends Suspicion {
  readonly phase: 'apart' | 'greeting';
  /** The session that the next hello asks to resume, or this hello has asked for. */
  readonly resumes: Known | null;
  /** Said meanwhile, or in a session that is over: numbered once a welcome has said which session it belongs to. */
  readonly held: readonly Said[];
}

interface Live extends Suspicion, Known {
  readonly phase: 'live';
}

/**
 * ```
 *            opened            welcome
 *   apart ──────────► greeting ──────────► live
 *     ▲                  │ closed            │ closed, broken
 *     └──────────────────┴───────────────────┘
 * ```
 */
export type Session = Away | Live;

export const NO_SESSION: Session = { phase: 'apart', resumes: null, held: [], blamed: null, probe: null };

/** What happens to a session. */
export type SessionEvent =
  /** A socket is open; `calls` are those this page is in. */
  | { readonly type: 'opened'; readonly token: string; readonly calls?: readonly CallId[] | undefined }
  /** A newer token for the live socket. */
  | { readonly type: 'renew'; readonly token: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'say'; readonly frame: Said }
  /** What was said and is not confirmed must not be said any more; `key` as `keyOf` makes it. */
  | { readonly type: 'withdraw'; readonly key: string }
  /** ACK_WITHIN_MS have passed since `ack-soon`. */
  | { readonly type: 'ack-time' }
  /** The socket is gone or given up; `blamed` as `blamedFrame` reads it. */
  | { readonly type: 'closed'; readonly blamed?: number | null | undefined };

/** What a session asks its shell to do, in order. */
export type SessionEffect =
  | { readonly type: 'write'; readonly text: string }
  /** `unconfirmed`: with a welcome, what the server has not confirmed; after `new` it is lost to its session. */
  | { readonly type: 'deliver'; readonly frame: Heard; readonly unconfirmed: readonly Said[] }
  | { readonly type: 'ack-soon' }
  /** The other end broke the rules, or more is unconfirmed than may be kept: give this socket up. */
  | { readonly type: 'broken'; readonly why: string };

export type SessionStep<S extends Session = Session> = readonly [S, readonly SessionEffect[]];

/** Everything said that the server has not confirmed, oldest first. */
export const unsaid = (session: Session): Said[] =>
  session.phase === 'live'
    ? unconfirmed(session.outbox)
    : [...(session.resumes ? unconfirmed(session.resumes.outbox) : []), ...session.held];

/**
 * The client half of a session (PROTOCOL.md, The socket). Total: every text and every order of events has an answer.
 */
export function nextSession(session: Session, event: SessionEvent): SessionStep {
  switch (event.type) {
    case 'opened':
      return greet(session, event.token, event.calls ?? []);
    case 'renew':
      if (session.phase !== 'live') return [session, []];
      return [session, [writing({ type: 'hello', token: event.token, session: session.id })]];
    case 'text':
      return hear(session, event.text);
    case 'say': {
      const why = whyRefused(event.frame);
      return why === null ? say(session, event.frame) : [session, [told(refusal(event.frame, why))]];
    }
    case 'withdraw':
      return withdraw(session, event.key);
    case 'ack-time':
      return session.phase === 'live' && ackDue(session.outbox) !== 'no' ? acknowledge(session) : [session, []];
    case 'closed':
      return event.blamed === undefined ? [apart(session), []] : blame(session, event.blamed);
  }
}

const writing = (frame: FrameOf<ClientFrame, 'hello'>): SessionEffect => ({
  type: 'write',
  text: JSON.stringify(frame),
});

/** Without its socket. */
function apart(session: Session): Away {
  if (session.phase !== 'live') return { ...session, phase: 'apart' };
  const { id, outbox, blamed, probe } = session;
  return { phase: 'apart', resumes: { id, outbox }, held: [], blamed, probe };
}

/** A session that is over: the next hello begins a new one. */
const over = (session: Session, held = unsaid(session)): Away => ({ ...apart(session), resumes: null, held });

function greet(session: Session, token: string, calls: readonly CallId[]): SessionStep {
  const away = apart(session);
  const { resumes } = away;
  const resuming = resumes ? { session: resumes.id, received: resumes.outbox.received } : {};
  return [
    { ...away, phase: 'greeting' },
    [writing({ type: 'hello', token, ...resuming, ...(calls.length > 0 ? { calls: [...calls] } : {}) })],
  ];
}

/** A session that cannot go on; what is unsaid is told as lost with the next one's welcome. */
const broken = (session: Session, why: string, held?: Said[]): SessionStep => [
  over(session, held),
  [{ type: 'broken', why }],
];

function acknowledge(session: Live): SessionStep<Live> {
  const [outbox, text] = sendAck(session.outbox);
  return [{ ...session, outbox }, [{ type: 'write', text }]];
}

/** So many frames are held at most: more than a session keeps unconfirmed, those of the last one included. */
const MOST_HELD = 2 * OUTBOX_FRAMES;

function say(session: Session, frame: Said): SessionStep {
  if (session.phase === 'live') return sayLive(session, frame);
  if (!isReliable(frame.type)) return [session, []];
  return [{ ...session, held: [...session.held, frame].slice(-MOST_HELD) }, []];
}

function sayLive(session: Live, frame: Said): SessionStep {
  if (!isReliable(frame.type)) {
    const [outbox, text] = sendUnnumbered(session.outbox, frame);
    return [{ ...session, outbox }, [{ type: 'write', text }]];
  }
  const [outbox, text] = send(session.outbox, frame);
  if (text === null) return broken(session, 'too much unconfirmed', [...unsaid(session), frame]);
  return session.probe ? probed({ ...session, outbox }) : [{ ...session, outbox }, [{ type: 'write', text }]];
}

/** While one is looked for that closes sockets: the next frame, once the one before it is confirmed. */
function probed(session: Live): SessionStep<Live> {
  const { outbox, probe } = session;
  if (!probe || probe.written > outbox.confirmed) return [session, []];
  const [next] = resend(outbox);
  if (next === undefined) return [{ ...session, probe: null }, []];
  // Its confirmation is asked for: by itself it may take a second.
  const texts = [next, PING].map(text => ({ type: 'write' as const, text }));
  return [{ ...session, probe: { written: outbox.confirmed + 1 } }, texts];
}

const PING = '{"type":"ping"}';

/** The socket was closed for a frame: the first time it is noted, the second time the frame is taken out. */
function blame(session: Session, n: number | null): SessionStep {
  const { outbox = emptyOutbox<Said>() } = session.phase === 'live' ? session : (session.resumes ?? {});
  const { probe } = session;
  const away: Away = { ...apart(session), probe: probe && { written: 0 } };
  const named = n === null ? undefined : unconfirmed(outbox)[n - outbox.confirmed - 1];
  if (named) {
    return keyOf(named) === session.blamed ? takenOut(away, named) : [{ ...away, blamed: keyOf(named) }, []];
  }
  const onItsWay = probe && probe.written > outbox.confirmed ? unconfirmed(outbox)[0] : undefined;
  return onItsWay ? takenOut(away, onItsWay) : [{ ...away, probe: { written: 0 } }, []];
}

/** The next session begins without this frame, and its owner hears that it was refused. */
const takenOut = (session: Away, frame: Said): SessionStep => [
  { ...without(session, keyOf(frame)), blamed: null, probe: null },
  [told(refusal(frame, 'the server closed the socket for it'))],
];

/**
 * What is held leaves no trace. What has a number may have reached the server: the session ends, because a number that is
 * left out would be a gap, and one given to another frame would be taken for a duplicate.
 */
function withdraw(session: Session, key: string): SessionStep {
  const known = session.phase === 'live' ? session : session.resumes;
  if (known && unconfirmed(known.outbox).some(frame => keyOf(frame) === key)) {
    const effects: SessionEffect[] = session.phase === 'apart' ? [] : [{ type: 'broken', why: 'withdrawn' }];
    return [without(session, key), effects];
  }
  if (session.phase === 'live') return [session, []];
  return [{ ...session, held: session.held.filter(frame => keyOf(frame) !== key) }, []];
}

const without = (session: Session, key: string): Away =>
  over(
    session,
    unsaid(session).filter(frame => keyOf(frame) !== key),
  );

function hear(session: Session, text: string): SessionStep {
  if (session.phase === 'apart') return [session, []];
  const parsed = parseServerFrame(text);
  if (!parsed.ok) return broken(session, `${parsed.error.code}: ${parsed.error.detail}`);
  const frame = parsed.value;
  if (session.phase !== 'live') {
    return frame.type === 'welcome' && !frame.n ? welcomed(session, frame) : broken(session, 'no welcome');
  }
  return frame.type === 'welcome' && frame.how === 'new' ? broken(session, 'welcomed twice') : hearLive(session, frame);
}

function welcomed(session: Away, welcome: Welcome): SessionStep {
  const { resumes, blamed } = session;
  const probe = session.probe && { written: 0 };
  if (welcome.how === 'new') {
    const fresh: Live = { phase: 'live', id: welcome.session, outbox: emptyOutbox(), blamed, probe };
    return [fresh, [{ type: 'deliver', frame: welcome, unconfirmed: unsaid(session) }]];
  }
  const outbox = resumes && welcome.session === resumes.id ? confirm(resumes.outbox, welcome.ack) : null;
  if (!resumes || !outbox) return broken(session, 'not our session');
  const live: Live = { phase: 'live', id: resumes.id, outbox, blamed, probe };
  const all = (): SessionStep => [live, resend(outbox).map(text => ({ type: 'write', text }))];
  let [state, effects]: SessionStep = probe ? probed(live) : all();
  for (const frame of session.held) {
    const [next, more] = say(state, frame);
    [state, effects] = [next, [...effects, ...more]];
  }
  return [state, [...effects, { type: 'deliver', frame: welcome, unconfirmed: unsaid(state) }]];
}

function hearLive(session: Live, frame: ServerFrame): SessionStep {
  if (isOvertaken(session, frame)) return broken(session, 'a resume has overtaken this welcome');
  const ack = frame.type === 'ack' ? frame.upTo : frame.ack;
  const confirmed = ack === undefined ? session.outbox : confirm(session.outbox, ack);
  if (!confirmed) return broken(session, 'confirmed what was never sent');
  const [state, probes] = probed({ ...session, outbox: confirmed });
  const [after, effects] = hearConfirmed(state, frame);
  return [after, [...probes, ...effects]];
}

function hearConfirmed(state: Live, frame: ServerFrame): SessionStep {
  if (frame.type === 'ack') return [state, []];
  if (frame.type === 'ping') return acknowledge(state);
  const n = 'n' in frame ? frame.n : undefined;
  return n ? hearNumbered(state, frame, n) : [state, [delivery(state, frame)]];
}

/** CA18: a picture without frames that a resume has confirmed meanwhile, and that are no longer here to be laid over it. */
const isOvertaken = ({ outbox }: Live, frame: ServerFrame): boolean =>
  frame.type === 'welcome' && (frame.n ?? 0) > outbox.received && frame.ack < outbox.confirmed;

function hearNumbered(session: Live, frame: Heard, n: number): SessionStep {
  const [outbox, verdict] = receive(session.outbox, n);
  if (verdict === 'gap') return broken(session, 'a frame is missing');
  const state = { ...session, outbox };
  const heard = verdict === 'fresh' ? [delivery(state, frame)] : [];
  if (ackDue(outbox) === 'now') {
    const [told, effects] = acknowledge(state);
    return [told, [...effects, ...heard]];
  }
  // One timer is enough for all that arrives until it fires.
  return [state, ackDue(session.outbox) === 'no' ? [...heard, { type: 'ack-soon' }] : heard];
}

const told = (frame: Heard): SessionEffect => ({ type: 'deliver', frame, unconfirmed: [] });

const delivery = (session: Session, frame: Heard): SessionEffect => ({
  type: 'deliver',
  frame,
  unconfirmed: frame.type === 'welcome' ? unsaid(session) : [],
});
