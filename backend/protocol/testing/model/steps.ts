import { canHold, canResume } from '#protocol/call-client';
import { type Incoming, type Joined, linkTo as linkOf, type Outgoing, withId } from '#protocol/call-client-state';
import { type PeerLink } from '#protocol/peer-link';
import { type ActiveCall, deadlineOf, peerOf } from '#protocol/call-state';
import {
  type ClientSays,
  type Bounds,
  type Down,
  isFree,
  isLive,
  linkName,
  ownCalls,
  type Rules,
  type Station,
  type Up,
  type Whole,
} from '#protocol/testing/model/whole';
import { Draft } from '#protocol/testing/model/draft';
import { tidy } from '#protocol/testing/model/tidy';
import { type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';

/** Who brings a step about: it follows by itself, it is a person hanging up, or anything else that may or may not happen. */
export type Cause = 'itself' | 'hang-up' | 'choice';
export interface Step {
  readonly label: string;
  readonly cause: Cause;
  readonly next: Whole;
}

/** A moment at which everything has lasted its time but a ring here (`Draft`). */
const BUT_RINGS = 1e9;

type Add = (cause: Cause, label: string, change: (draft: Draft) => void) => void;

/** Everything that can happen next. Time is not counted: a timer may fire whenever its condition holds. */
export function steps(whole: Whole, bounds: Bounds, rules: Rules): Step[] {
  const found: Step[] = [];
  const add: Add = (cause, label, change) => {
    const draft = new Draft(whole, bounds, rules);
    change(draft);
    tidy(draft);
    const { counts, registry, saved, past, stations, bad } = draft;
    found.push({ label, cause, next: { counts, registry, saved, past, stations, bad } });
  };
  const scene: Scene = { whole, bounds, rules, add };
  bounds.devices.forEach((_, x) => {
    frames(scene, x);
    sessions(scene, x);
    people(scene, x);
    notifications(scene, x);
    links(scene, x);
  });
  serverTimers(scene);
  if (whole.counts.disturbances < bounds.disturbances) disturbances(scene);
  return found;
}

const NOBODY = { deviceId: anId<DeviceId>('nobody') };

interface Scene {
  readonly whole: Whole;
  readonly bounds: Bounds;
  readonly rules: Rules;
  readonly add: Add;
}

const station = ({ whole }: Scene, x: number): Station => {
  const found = whole.stations[x];
  if (!found) throw new Error(`no device ${x}`);
  return found;
};
const nameOf = ({ bounds }: Scene, x: number): string => bounds.devices[x]?.deviceId ?? '?';
const show = (frame: Up | Down): string => {
  if (frame.type !== 'welcome') return 'callId' in frame ? `${frame.type} ${frame.callId}` : frame.type;
  return `welcome (${frame.how}, ${frame.calls.map(({ as, callId }) => `${as} ${callId}`).join(', ') || 'no call'})`;
};

function frames(scene: Scene, x: number): void {
  const { add, bounds, rules } = scene;
  const { net, up, down } = station(scene, x);
  const x_ = nameOf(scene, x);
  const seat = bounds.devices[x];
  const [said] = up;
  if (said && seat && net.session === 'live' && (net.page === 'live' || net.page === 'off'))
    add('itself', `server <- ${x_}: ${show(said)}`, draft => {
      draft.change(x, { up: up.slice(1) });
      if (said.type === 'bye') draft.sessionEnded(x, 'left');
      else draft.serve({ type: 'frame', from: seat, frame: said });
    });
  const [heard, behind] = down;
  if (!heard || net.session !== 'live' || (net.page !== 'live' && net.page !== 'hello')) return;
  add('itself', `${x_} <- ${show(heard)}`, draft => {
    draft.change(x, { down: down.slice(1) });
    draft.hear(x, heard);
  });
  if (!rules.welcomeFirst && heard.type === 'welcome' && behind)
    add('itself', `${x_} <- ${show(behind)}, before the welcome`, draft => {
      draft.change(x, { down: [heard, ...down.slice(2)] });
      draft.hear(x, behind);
    });
}

function sessions(scene: Scene, x: number): void {
  const { add } = scene;
  const { net, up } = station(scene, x);
  const x_ = nameOf(scene, x);
  if (net.page === 'away')
    add('itself', `${x_} connects again`, draft => {
      const waiting = up.filter((frame): frame is ClientSays => frame.type !== 'bye');
      draft.dispatch(x, { type: 'signaling-lost', waiting });
      draft.hello(x, ownCalls(draft.at(x)));
    });
  if (net.page === 'off')
    add('itself', `${x_} opens the page`, draft => {
      draft.change(x, { up: [] });
      draft.net(x, { known: false });
      draft.hello(x, []);
    });
  if (net.session === 'window') add('itself', `the window of ${x_} expires`, draft => draft.sessionEnded(x, 'expired'));
}

/** What people do, and what a page's own timers do in their place. The server's ring timer comes first. */
function people(scene: Scene, x: number): void {
  const { add } = scene;
  const { page, up } = station(scene, x);
  const { current, held, waiting } = page.calls;
  const x_ = nameOf(scene, x);
  if (isFree(station(scene, x))) return places(scene, x);
  if (current.state === 'incoming') rung(scene, x, current);
  else if (current.state !== 'idle') inCall(scene, x, current);
  if (waiting !== null) besides(scene, x, waiting);
  if (held === null) return;
  const { callId } = held;
  add('hang-up', `${x_} ends ${callId}, which it holds`, draft => draft.person(x, { type: 'end-held' }, `${callId}h`));
  // A person may change their mind again and again: one resume on its way is enough to be crossed by anything else.
  if (canResume(page.calls) && !up.some(frame => frame.type === 'call.resume'))
    add('choice', `${x_} resumes ${callId}`, draft => draft.dispatch(x, { type: 'resume' }, Infinity));
  if (scene.rules.clientDeadline(held) !== null)
    add('itself', `${x_} gives up ${callId}, which it holds`, draft => draft.timeOut(x, BUT_RINGS));
}

function places(scene: Scene, x: number): void {
  const { add, whole, bounds } = scene;
  const { net } = station(scene, x);
  takesOver(scene, x);
  const callId = anId<CallId>(String(whole.counts.places + 1));
  const may = whole.counts.places < bounds.places && (net.page === 'live' || net.page === 'away');
  for (const peerId of may ? others(scene, x) : [])
    add('choice', `${nameOf(scene, x)} calls ${peerId}`, draft => {
      draft.counts = { ...draft.counts, places: draft.counts.places + 1 };
      draft.dispatch(x, { type: 'place', callId, peerId, media: 'audio', live: true });
    });
}

const isElsewhere = ({ seats }: ActiveCall, { userId, deviceId }: DeviceAddress): boolean =>
  seats.some(seat => seat.userId === userId && seat.deviceId !== deviceId);

/** A person takes over a call that another device of theirs is in. */
function takesOver({ add, whole, bounds }: Scene, x: number): void {
  const seat = bounds.devices[x];
  const station = whole.stations[x];
  if (!seat || !station || !isLive(station) || whole.counts.moves >= (bounds.moves ?? 0)) return;
  for (const call of whole.registry.calls.values()) {
    const { callId } = call;
    if (call.state !== 'active' || !isElsewhere(call, seat)) continue;
    add('choice', `${seat.deviceId} takes over ${callId}`, draft =>
      draft.takeOver(x, callId, peerOf(call, seat.userId)),
    );
  }
}

const rings = ({ whole }: Scene, callId: CallId): boolean => whole.registry.calls.get(callId)?.state === 'ringing';

function rung(scene: Scene, x: number, { callId }: Incoming): void {
  const { add } = scene;
  const x_ = nameOf(scene, x);
  add('choice', `${x_} accepts ${callId}`, draft => draft.person(x, { type: 'accept', media: 'audio' }, `${callId}a`));
  add('choice', `${x_} declines ${callId}`, draft => draft.person(x, { type: 'decline' }, `${callId}h`));
  if (!rings(scene, callId)) add('itself', `${x_} stops the ring of ${callId}`, draft => draft.timeOut(x, Infinity));
}

/** A ring beside the current call. */
function besides(scene: Scene, x: number, { callId }: Incoming): void {
  const { add } = scene;
  const { calls } = station(scene, x).page;
  const { current } = calls;
  const x_ = nameOf(scene, x);
  const media = 'audio';
  if (canHold(calls))
    add('choice', `${x_} holds its call and accepts ${callId}`, draft =>
      draft.person(x, { type: 'hold-and-accept', media }, `${callId}a`),
    );
  if (current.state !== 'idle')
    add('choice', `${x_} ends its call and accepts ${callId}`, draft =>
      draft.person(x, { type: 'end-and-accept', media }, `${current.callId}h`, `${callId}a`),
    );
  add('choice', `${x_} declines ${callId} beside its call`, draft =>
    draft.person(x, { type: 'decline-waiting' }, `${callId}h`),
  );
  if (!rings(scene, callId) && current.state !== 'outgoing')
    add('itself', `${x_} stops the ring of ${callId}`, draft => draft.timeOut(x, Infinity));
}

function inCall(scene: Scene, x: number, call: Outgoing | Joined): void {
  const { callId } = call;
  const x_ = nameOf(scene, x);
  const timer = scene.rules.clientDeadline(call) !== null;
  const givesUp = timer && !(call.state === 'outgoing' && rings(scene, callId));
  if (givesUp) scene.add('itself', `${x_} gives up ${callId}`, draft => draft.timeOut(x, BUT_RINGS));
  else scene.add('hang-up', `${x_} hangs up ${callId}`, draft => draft.person(x, { type: 'hang-up' }, `${callId}h`));
}

/** A device whose page is closed declines by the notification of a pushed ring. */
function notifications(scene: Scene, x: number): void {
  const { add, bounds, whole } = scene;
  const seat = bounds.devices[x];
  if (!bounds.push || !seat || station(scene, x).net.page !== 'off') return;
  for (const { callId, calleeId, state } of whole.registry.calls.values()) {
    if (state !== 'ringing' || calleeId !== seat.userId) continue;
    add('choice', `${seat.deviceId} declines ${callId} by its notification`, draft =>
      draft.serve({ type: 'declined', seat, callId }),
    );
  }
}

const others = ({ bounds }: Scene, x: number): UserId[] => {
  const own = bounds.devices[x]?.userId;
  return [...new Set(bounds.devices.map(d => d.userId))].filter(user => user !== own);
};

/** Two pages in the same call, each with a link to the other's device, one of them polite. */
function canLink({ whole, bounds }: Scene, x: number, y: number, callId: CallId): boolean {
  const ends = [x, y].map(at => seatedIn(whole, at, callId));
  const [a, b] = ends;
  if (!a || !b) return false;
  const [toB, toA] = [linkTo(bounds, a, y), linkTo(bounds, b, x)];
  return toB !== undefined && toA !== undefined && toB.role !== toA.role && toB.number === toA.number;
}

function seatedIn({ stations }: Whole, at: number, callId: CallId): Joined | undefined {
  const page = stations[at]?.page;
  const call = page && withId(page.calls, callId);
  return call?.state === 'joined' ? call : undefined;
}

function linkTo({ devices }: Bounds, call: Joined, at: number): PeerLink | undefined {
  const device = devices[at];
  return device && linkOf(call, device.deviceId);
}

function links(scene: Scene, x: number): void {
  const { add, bounds, whole } = scene;
  for (let y = x + 1; y < bounds.devices.length; y++) {
    for (const callId of ownCalls(station(scene, x))) {
      const up = (at: number, to: number): boolean =>
        station(scene, at).page.links.includes(linkName(callId, bounds.devices[to] ?? NOBODY));
      if (!canLink(scene, x, y, callId) || up(x, y) || up(y, x)) continue;
      const negotiates = isLive(station(scene, x)) && isLive(station(scene, y));
      const seated = seatedIn(whole, x, callId);
      const wasUp = seated !== undefined && linkTo(bounds, seated, y)?.state === 'down';
      if (!wasUp && !negotiates) continue;
      add('itself', `the link ${nameOf(scene, x)}-${nameOf(scene, y)} of ${callId} comes up`, draft => {
        draft.link(x, callId, y, true);
        draft.link(y, callId, x, true);
      });
    }
  }
}

function serverTimers({ whole, rules, add }: Scene): void {
  for (const [callId, call] of whole.registry.calls) {
    const due = rules.serverDeadline(call);
    if (due === null) continue;
    add(
      'itself',
      call.state === 'ringing' ? `${callId} has rung its time` : `the seats of ${callId} were absent too long`,
      draft => {
        draft.serve({ type: 'deadline', callId }, due);
        const past = draft.past[callId];
        if (past && call.state === 'active' && deadlineOf(call) !== null)
          draft.past = { ...draft.past, [callId]: { ...past, beyond: true } };
      },
    );
  }
}

/** What goes wrong. */
function disturbances(scene: Scene): void {
  const { bounds, whole } = scene;
  const add: Add = (cause, label, change) =>
    scene.add(cause, label, draft => {
      draft.counts = { ...draft.counts, disturbances: draft.counts.disturbances + 1 };
      change(draft);
    });
  bounds.devices.forEach((_, x) => disturb({ ...scene, add }, x));
  add('choice', 'the server restarts', draft => draft.restart());
  for (const past of [...whole.registry.calls.keys(), ...Object.keys(whole.past).map(anId<CallId>)])
    bounds.devices.forEach((_, x) => usedId({ ...scene, add }, x, past));
}

function disturb(scene: Scene, x: number): void {
  const { add, bounds } = scene;
  const { net, page, since, up } = station(scene, x);
  const x_ = nameOf(scene, x);
  if (net.page === 'live' || net.page === 'hello')
    add('choice', `${x_} loses its session`, draft => {
      draft.net(x, { page: 'away', session: 'window' });
      draft.unwelcome(x);
    });
  if (net.page !== 'off')
    add('choice', `${x_} crashes`, draft => {
      draft.close(x);
      draft.change(x, { up: [] });
      draft.net(x, { page: 'off', session: net.session === 'live' ? 'window' : net.session });
    });
  if (net.page !== 'live') return;
  add('choice', `${x_} closes its page (bye)`, draft => {
    draft.dispatch(x, { type: 'page-hidden' });
    draft.close(x);
    draft.change(x, { up: [...up, { type: 'bye' }] });
    draft.net(x, { page: 'off' });
  });
  const seat = bounds.devices[x];
  if (bounds.bus && since === null && seat)
    add('choice', `what was on its way to ${x_} is lost on the bus`, draft =>
      draft.serve({ type: 'welcomed', seat, how: 'again' }),
    );
  for (const [id = '', device = ''] of page.links.map(name => name.split(' '))) {
    const y = bounds.devices.findIndex(d => d.deviceId === device);
    const callId = anId<CallId>(id);
    if (x < y)
      add('choice', `the link ${x_}-${nameOf(scene, y)} of ${id} goes down`, draft => {
        draft.link(x, callId, y, false);
        draft.link(y, callId, x, false);
      });
  }
}

function usedId(scene: Scene, x: number, callId: CallId): void {
  if (station(scene, x).net.page !== 'live') return;
  for (const receiverId of others(scene, x))
    scene.add('choice', `${nameOf(scene, x)} invites ${receiverId} with the used id ${callId}`, draft =>
      draft.say(x, { type: 'call.invite', receiverId, callId, media: 'audio' }),
    );
}
