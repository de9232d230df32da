import { type RecordingId, type RecordingMessage } from '#protocol/direct/recording-messages';

/** How long a question waits for an answer, ms; none counts as no. */
export const ANSWER_WITHIN_MS = 30_000;
/** After a refusal the same person is not asked again for this time, ms. */
export const ASK_AGAIN_MS = 60_000;
/** Who allowed a recording is told within this time that it has begun. */
export const BEGINS_WITHIN_MS = 10_000;
/** A recording that nothing arrives for ends after this time: its consent could be withdrawn unheard. */
export const LOST_MS = 15_000;

/** Why this end's recording, or the question for it, came to its end. */
export type RecordingEnd =
  /** The other person does not want it, has not answered, or wants it no longer. */
  | 'refused'
  | 'unanswered'
  | 'withdrawn'
  /** The call is on hold; the way to the other device is lost; the call, or the seat across, is over. */
  | 'held'
  | 'lost'
  | 'over'
  /** This device does not record (`unable`), or has no room left (`full`). */
  | 'unable'
  | 'full'
  /** This person. */
  | 'own';

/**
 * ```
 *           ask                  answer {allow}            stop · hold · lost · over · full
 *   none ────────► asking ──────────────────────► recording ─────────────────────────────────► none
 *                    │ refused · unanswered · hold · over                                        ▲
 *                    └──────────────────────────────────────────────────────────────────────────┘
 * ```
 * What this end records. Times in ms of `now`. `quiet`: since when nothing arrives; the recording pauses meanwhile.
 */
export type OwnRecording =
  | { readonly is: 'none' }
  | { readonly is: 'asking'; readonly id: RecordingId; readonly until: number }
  | { readonly is: 'recording'; readonly id: RecordingId; readonly since: number; readonly quiet: number | null };

/** What the other end records: `asked` is a question to this person, `allowed` their yes before it has begun. */
export type TheirRecording =
  | { readonly is: 'none' }
  | { readonly is: 'asked' | 'allowed'; readonly id: RecordingId; readonly until: number }
  | { readonly is: 'recording'; readonly id: RecordingId; readonly since: number };

/** The recordings of one link between two devices in a call, at one of its ends. */
export interface Recordings {
  readonly own: OwnRecording;
  readonly theirs: TheirRecording;
  /** Something can be said to the other end. */
  readonly open: boolean;
  /** The other app knows of recordings. */
  readonly known: boolean;
  /** Sound and picture arrive. */
  readonly up: boolean;
  readonly held: boolean;
  /** Not asked again before this, and not heard again when asked before that. */
  readonly askFrom: number;
  readonly hearFrom: number;
}

const NONE = { is: 'none' } as const;
export const NO_RECORDINGS: Recordings = {
  own: NONE,
  theirs: NONE,
  open: false,
  known: false,
  up: false,
  held: false,
  askFrom: 0,
  hearFrom: 0,
};

export type RecordingEvent =
  /** What this person does: wants to record, wants it no longer, answers, or takes their consent back. */
  | { readonly type: 'ask'; readonly id: RecordingId }
  | { readonly type: 'end' | 'allow' | 'refuse' | 'withdraw' }
  /** What this device says of its own recording. */
  | { readonly type: 'failed'; readonly why: 'unable' | 'full' }
  /** What the channel does. */
  | { readonly type: 'opened' | 'lost' }
  | { readonly type: 'message'; readonly message: RecordingMessage }
  /** Whether media arrives, and whether either person holds the call. */
  | { readonly type: 'media'; readonly up: boolean }
  | { readonly type: 'hold'; readonly held: boolean }
  /** The call, or this seat of it, is over. */
  | { readonly type: 'over' }
  | { readonly type: 'time' };

/** What the shell does then, in order. */
export type RecordingEffect =
  | { readonly do: 'send'; readonly message: RecordingMessage }
  | { readonly do: 'begin'; readonly id: RecordingId }
  | { readonly do: 'pause' | 'resume' | 'finish' }
  /** This person is told why it ended, or that it is too soon to ask again. */
  | { readonly do: 'tell'; readonly what: RecordingEnd | 'too-soon' };

export type RecordingStep = readonly [Recordings, readonly RecordingEffect[]];

/** When time itself changes something, or null. */
export function recordingDeadline({ own, theirs }: Recordings): number | null {
  const due = [
    own.is === 'asking' ? own.until : Infinity,
    own.is === 'recording' && own.quiet !== null ? own.quiet + LOST_MS : Infinity,
    theirs.is === 'asked' || theirs.is === 'allowed' ? theirs.until : Infinity,
  ];
  const first = Math.min(...due);
  return first === Infinity ? null : first;
}

/** Whether this person can ask now; where not, the app says what is in the way. */
export const canAsk = ({ own, open, known, up, held }: Recordings): boolean =>
  own.is === 'none' && open && known && up && !held;

/** Whether something of this call is being recorded, as far as both have agreed to it. */
export const isRecorded = ({ own, theirs }: Recordings): boolean => own.is === 'recording' || theirs.is === 'recording';

/** Both ends of a recording (PROTOCOL.md, Recording a call). Total: every event has an answer in every state. */
export function nextRecordings(state: Recordings, event: RecordingEvent, now: number): RecordingStep {
  switch (event.type) {
    case 'message':
      return hear(state, event.message, now);
    case 'ask':
      return ask(state, event.id, now);
    case 'allow':
      return allow(state, now);
    case 'refuse':
      return state.theirs.is === 'asked' ? refuse(state, state.theirs.id) : unchanged(state);
    case 'withdraw':
      return withdraw({ ...state, hearFrom: now + ASK_AGAIN_MS });
    case 'end':
      return endOwn(state, 'own', now);
    case 'failed':
      return endOwn(state, event.why, now);
    case 'opened': {
      const runs = state.own.is === 'recording' ? state.own.id : null;
      return [{ ...state, open: true }, [send({ type: 'hello', runs })]];
    }
    case 'lost':
      return lost(state, now);
    case 'media':
      return paced({ ...state, up: event.up }, now);
    case 'hold':
      return event.held ? hold({ ...state, held: true }, now) : unchanged({ ...state, held: false });
    case 'over':
      return then(endOwn(state, 'over', now), next => unchanged({ ...next, theirs: NONE, open: false, known: false }));
    case 'time':
      return time(state, now);
  }
}

const unchanged = (state: Recordings): RecordingStep => [state, []];
const send = (message: RecordingMessage): RecordingEffect => ({ do: 'send', message });
const tell = (what: RecordingEnd | 'too-soon'): RecordingEffect => ({ do: 'tell', what });
/** Nothing is said without a channel: the next one begins with what there is. */
const said = ({ open }: Recordings, message: RecordingMessage): RecordingEffect[] => (open ? [send(message)] : []);

function then([state, effects]: RecordingStep, more: (state: Recordings) => RecordingStep): RecordingStep {
  const [next, others] = more(state);
  return [next, [...effects, ...others]];
}

function ask(state: Recordings, id: RecordingId, now: number): RecordingStep {
  if (!canAsk(state)) return unchanged(state);
  if (now < state.askFrom) return [state, [tell('too-soon')]];
  const own: OwnRecording = { is: 'asking', id, until: now + ANSWER_WITHIN_MS };
  return [{ ...state, own }, [send({ type: 'ask', id })]];
}

function allow(state: Recordings, now: number): RecordingStep {
  const { theirs } = state;
  if (theirs.is !== 'asked') return unchanged(state);
  const allowed: TheirRecording = { is: 'allowed', id: theirs.id, until: now + BEGINS_WITHIN_MS };
  return [{ ...state, theirs: allowed, hearFrom: 0 }, said(state, { type: 'answer', id: theirs.id, allow: true })];
}

const refuse = (state: Recordings, id: RecordingId): RecordingStep => [
  { ...state, theirs: NONE },
  said(state, { type: 'answer', id, allow: false }),
];

/** Takes back what was allowed; the other end stops at once. */
function withdraw(state: Recordings): RecordingStep {
  const { theirs } = state;
  if (theirs.is !== 'allowed' && theirs.is !== 'recording') return unchanged(state);
  return [{ ...state, theirs: NONE }, said(state, { type: 'stop', id: theirs.id })];
}

/** After a question without a yes the next one waits, whichever end has ended it. */
function endOwn(state: Recordings, why: RecordingEnd, now: number): RecordingStep {
  const { own } = state;
  if (own.is === 'none') return unchanged(state);
  const waits = own.is === 'asking' || why === 'withdrawn';
  const next = { ...state, own: NONE, askFrom: waits ? now + ASK_AGAIN_MS : state.askFrom };
  const finish: RecordingEffect[] = own.is === 'recording' ? [{ do: 'finish' }] : [];
  return [next, [...finish, ...said(state, { type: 'ended', id: own.id }), tell(why)]];
}

function hold(state: Recordings, now: number): RecordingStep {
  return then(endOwn(state, 'held', now), next =>
    next.theirs.is === 'asked' ? refuse(next, next.theirs.id) : withdraw(next),
  );
}

/** The channel is gone: open questions end, and a running recording waits for the next channel. */
function lost(state: Recordings, now: number): RecordingStep {
  const closed: Recordings = { ...state, open: false, known: false };
  const { own, theirs } = closed;
  const without = theirs.is === 'asked' || theirs.is === 'allowed' ? { ...closed, theirs: NONE } : closed;
  return own.is === 'asking' ? endOwn(without, 'lost', now) : paced(without, now);
}

/** A recording runs only while the other end can be heard, and can say that it shall stop. */
function paced(state: Recordings, now: number): RecordingStep {
  const { own } = state;
  if (own.is !== 'recording') return unchanged(state);
  const runs = state.up && state.known;
  if (runs === (own.quiet === null)) return unchanged(state);
  return [{ ...state, own: { ...own, quiet: runs ? null : now } }, [{ do: runs ? 'resume' : 'pause' }]];
}

function time(state: Recordings, now: number): RecordingStep {
  const { own } = state;
  const isUnanswered = own.is === 'asking' && now >= own.until;
  const isLost = own.is === 'recording' && own.quiet !== null && now >= own.quiet + LOST_MS;
  const ended = isUnanswered || isLost ? endOwn(state, isLost ? 'lost' : 'unanswered', now) : unchanged(state);
  return then(ended, next => {
    const { theirs } = next;
    if (theirs.is === 'asked' && now >= theirs.until) return refuse(next, theirs.id);
    return theirs.is === 'allowed' && now >= theirs.until ? withdraw(next) : unchanged(next);
  });
}

function hear(state: Recordings, message: RecordingMessage, now: number): RecordingStep {
  switch (message.type) {
    case 'hello':
      return then(paced({ ...state, known: true }, now), next => agreeOn(next, message.runs));
    case 'ask':
      return hearAsk(state, message.id, now);
    case 'answer':
      return hearAnswer(state, message.id, message.allow, now);
    case 'runs':
      return hearRuns(state, message.id, now);
    case 'stop':
      // Whatever is asked for or recorded under another id is none of it.
      if (state.own.is === 'none' || state.own.id !== message.id) return unchanged(state);
      return endOwn(state, state.own.is === 'asking' ? 'refused' : 'withdrawn', now);
    case 'ended':
      if (state.theirs.is === 'none' || state.theirs.id !== message.id) return unchanged(state);
      return unchanged({ ...state, theirs: NONE });
  }
}

/** On another channel: what runs there is what was allowed, or is stopped. */
function agreeOn(state: Recordings, runs: RecordingId | null): RecordingStep {
  const { theirs } = state;
  if (theirs.is === 'recording' && theirs.id === runs) return unchanged(state);
  return [{ ...state, theirs: NONE }, runs === null ? [] : said(state, { type: 'stop', id: runs })];
}

function hearAsk(state: Recordings, id: RecordingId, now: number): RecordingStep {
  const { theirs } = state;
  const stands = theirs.is !== 'none';
  if (stands && theirs.id === id) return unchanged(state);
  // One question at a time. A second one, or one that comes too soon after a refusal, is refused without being shown.
  if (stands || state.held || now < state.hearFrom) return [state, said(state, { type: 'answer', id, allow: false })];
  const asked: TheirRecording = { is: 'asked', id, until: now + ANSWER_WITHIN_MS };
  return unchanged({ ...state, theirs: asked, hearFrom: now + ASK_AGAIN_MS });
}

function hearAnswer(state: Recordings, id: RecordingId, allows: boolean, now: number): RecordingStep {
  const { own } = state;
  if (own.is === 'none' || own.id !== id)
    // A yes that comes too late: the other end is told, so that it does not show a recording.
    return allows ? [state, said(state, { type: 'ended', id })] : unchanged(state);
  if (own.is === 'recording') return unchanged(state);
  if (!allows) return endOwn(state, 'refused', now);
  const recording: Recordings = { ...state, own: { is: 'recording', id, since: now, quiet: null } };
  return then([recording, [{ do: 'begin', id }, ...said(state, { type: 'runs', id })]], next => paced(next, now));
}

function hearRuns(state: Recordings, id: RecordingId, now: number): RecordingStep {
  const { theirs } = state;
  if (theirs.is !== 'none' && theirs.id === id && theirs.is !== 'asked')
    return theirs.is === 'recording'
      ? unchanged(state)
      : unchanged({ ...state, theirs: { is: 'recording', id, since: now } });
  return [state, said(state, { type: 'stop', id })];
}
