import { allOf, isInCall, phaseOf } from '#protocol/call-client-state';
import {
  type ActiveCall,
  isServed,
  type LiveCall,
  partOf,
  peerOf,
  placeIn,
  seatOf,
  seatsAcross,
  seatsOf,
} from '#protocol/call-state';
import { type Bounds, isFree, isLive, type Station, type Whole } from '#protocol/testing/model/whole';
import { type DeviceAddress, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';

/** What must hold in every state; the sentence says what does not. */
export function violation(whole: Whole, bounds: Bounds): string | null {
  return (
    whole.bad ??
    twoCalls(whole, bounds) ??
    orphanedRing(whole, bounds) ??
    comesBack(whole) ??
    strangerLinked(whole, bounds) ??
    (isSettled(whole) ? disagreement(whole, bounds) : null)
  );
}

/** Everything said has been heard. */
export const isSettled = ({ stations }: Whole): boolean =>
  stations.every(s => isLive(s) && !s.up.length && !s.down.length && !s.since);

/** Nothing more follows by itself: no ring, and every page idle or linked. */
export const isQuiet = (whole: Whole): boolean =>
  isSettled(whole) &&
  [...whole.registry.calls.values()].every(call => call.state !== 'ringing') &&
  whole.stations.every(({ page }) => allOf(page.calls).every(call => phaseOf(call) === 'connected'));

export const isAllIdle = (whole: Whole): boolean =>
  isSettled(whole) && whole.registry.calls.size === 0 && whole.stations.every(isFree);

const usersOf = (call: LiveCall): UserId[] => [call.caller.userId, call.calleeId];

/** CA1: each person has at most one call in each place, and all their seats at one device. */
function twoCalls({ registry }: Whole, { devices }: Bounds): string | null {
  const calls = [...registry.calls.values()];
  for (const { userId } of devices) {
    const own = calls.filter(call => usersOf(call).includes(userId));
    const places = own.map(call => placeIn(call, userId));
    if (new Set(places).size < own.length) return `two calls for one user in one place: ${userId}`;
    const seats = own.flatMap(call => (call.state === 'active' ? call.seats : [])).filter(s => s.userId === userId);
    if (new Set(seats.map(({ deviceId }) => deviceId)).size > 1) return `two devices of one user in calls: ${userId}`;
    const known = registry.places.get(userId) ?? {};
    if (own.some(call => known[placeIn(call, userId) ?? 'held'] !== call.callId))
      return `the places of ${userId} are not those of their calls`;
  }
  return null;
}

function orphanedRing({ registry, stations }: Whole, { devices }: Bounds): string | null {
  for (const [callId, call] of registry.calls) {
    const caller = stations[devices.findIndex(d => d.deviceId === call.caller.deviceId)];
    if (call.state === 'ringing' && caller?.net.session === 'gone')
      return `a ring outlives its caller's session: ${callId}`;
  }
  return null;
}

function comesBack({ stations }: Whole): string | null {
  for (const { page } of stations)
    for (const { callId, state } of allOf(page.calls)) {
      const answered = state === 'incoming' && page.done.includes(`${callId}a`);
      if (answered || page.done.includes(`${callId}h`)) return `a call that was answered or left comes back: ${callId}`;
    }
  return null;
}

function strangerLinked(whole: Whole, { devices }: Bounds): string | null {
  const { registry, stations, counts } = whole;
  // A device whose seat has moved keeps its link until it hears so.
  if (counts.moves > 0 && !isSettled(whole)) return null;
  for (const [x, { page }] of stations.entries())
    for (const name of page.links) {
      const [callId = '', linkedTo = ''] = name.split(' ');
      const seat = devices[x];
      const known = registry.calls.get(anId(callId));
      if (!seat || known?.state !== 'active') continue;
      const other = devices.find(({ deviceId }) => deviceId === linkedTo);
      if (other && isIn(known, seat) && isIn(known, other)) continue;
      return `in call with a device that is not the other seat: ${seat.deviceId} with ${linkedTo}`;
    }
  return null;
}

/** Whether this device has a seat, or takes one over. */
const isIn = (call: ActiveCall, device: DeviceAddress): boolean =>
  seatOf(call, device) !== undefined || isServed(call, device);

/** When nothing is on its way, each page is exactly what the server's calls imply. */
function disagreement(whole: Whole, { devices }: Bounds): string | null {
  for (const [x, station] of whole.stations.entries()) {
    const seat = devices[x];
    if (!seat) continue;
    const implied = [...whole.registry.calls.values()].flatMap(call => impliedBy(call, seat, whole) ?? []);
    const is = summary(station);
    const next = allOf(station.page.calls).flatMap(call => (isInCall(call) ? [...call.next.keys()] : []));
    const served = [...whole.registry.calls.values()].flatMap(call => (call.state === 'active' ? call.arriving : []));
    if (next.some(device => served[0]?.deviceId !== device))
      return `${seat.deviceId} waits for ${next.join()}, which does not arrive`;
    // What its page has given up already the server gives up by its own time.
    const unheard = implied.filter(what => !what.startsWith('arriving') || is.includes(what));
    if (is.sort().join() !== unheard.sort().join())
      return `page and server disagree when nothing is on its way: ${seat.deviceId} is ${is.join()}, should be ${implied.join()}`;
  }
  return null;
}

/** What this device is in the call; null where it is nothing. Which of two calls is held must agree, of one it may not. */
function impliedBy(call: LiveCall, seat: DeviceAddress, { registry }: Whole): string | null {
  if (!usersOf(call).includes(seat.userId)) return null;
  const peer = peerOf(call, seat.userId);
  const part = partOf(call, seat);
  if (part === 'caller' && call.state === 'ringing') return `outgoing ${call.callId} ${peer}`;
  const everywhere = call.state === 'ringing' && !call.waiting && seat.userId === call.calleeId;
  if (call.state === 'ringing') return everywhere || part === 'rung' ? `incoming ${call.callId} ${peer}` : null;
  if (part === null) return null;
  if (part === 'arriving') return `arriving ${call.callId} ${peer}`;
  const [other] = seatsAcross(call, seat);
  const held = seatsOf(registry, seat.userId).length > 1 && placeIn(call, seat.userId) === 'held' ? ' held' : '';
  return `in call ${call.callId} ${peer} ${other?.deviceId ?? 'nobody'}${held}`;
}

function summary({ page: { calls } }: Station): string[] {
  return allOf(calls).map(call => {
    if (!isInCall(call)) return `${call.state} ${call.callId} ${call.peerId}`;
    if (call.arriving !== null) return `arriving ${call.callId} ${call.peerId}`;
    const links = [...call.links.keys()];
    const held = call === calls.held && isInCall(calls.current) ? ' held' : '';
    return `in call ${call.callId} ${call.peerId} ${links.join()}${held}`;
  });
}
