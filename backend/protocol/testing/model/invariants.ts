import { isInCall, phaseOf } from '#protocol/call-client-state';
import { type LiveCall, partOf, peerOf, seatOf, seatsAcross } from '#protocol/call-state';
import { type Bounds, isLive, ownCall, type Station, type Whole } from '#protocol/testing/model/whole';
import { type DeviceAddress, type UserId } from '#protocol/ids';

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
  whole.stations.every(({ page }) => page.call.state === 'idle' || phaseOf(page.call) === 'connected');

export const isAllIdle = (whole: Whole): boolean =>
  isSettled(whole) && whole.registry.calls.size === 0 && whole.stations.every(s => ownCall(s) === undefined);

const usersOf = (call: LiveCall): UserId[] => [call.caller.userId, call.calleeId];

/** CA1. */
function twoCalls({ registry }: Whole, { devices }: Bounds): string | null {
  const calls = [...registry.calls.values()];
  for (const { userId } of devices)
    if (calls.filter(call => usersOf(call).includes(userId)).length > 1) return `two calls for one user: ${userId}`;
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
  for (const { page } of stations) {
    const { call, done } = page;
    if (call.state === 'idle') continue;
    const answered = call.state === 'incoming' && done.includes(`${call.callId}a`);
    if (answered || done.includes(`${call.callId}h`))
      return `a call that was answered or left comes back: ${call.callId}`;
  }
  return null;
}

function strangerLinked({ registry, stations }: Whole, { devices }: Bounds): string | null {
  for (const [x, { page }] of stations.entries()) {
    const { call, linkedTo } = page;
    const seat = devices[x];
    const known = call.state === 'idle' ? undefined : registry.calls.get(call.callId);
    if (!seat || linkedTo === null || known?.state !== 'active') continue;
    if (seatOf(known, seat) && seatsAcross(known, seat).some(({ deviceId }) => deviceId === linkedTo)) continue;
    return `in call with a device that is not the other seat: ${seat.deviceId} with ${linkedTo}`;
  }
  return null;
}

/** When nothing is on its way, each page is exactly what the server's calls imply. */
function disagreement(whole: Whole, { devices }: Bounds): string | null {
  for (const [x, station] of whole.stations.entries()) {
    const seat = devices[x];
    if (!seat) continue;
    const call = [...whole.registry.calls.values()].find(c => usersOf(c).includes(seat.userId));
    const implied = call ? impliedBy(call, seat) : 'idle';
    const is = summary(station);
    if (is !== implied)
      return `page and server disagree when nothing is on its way: ${seat.deviceId} is ${is}, should be ${implied}`;
  }
  return null;
}

function impliedBy(call: LiveCall, seat: DeviceAddress): string {
  const peer = peerOf(call, seat.userId);
  const part = partOf(call, seat);
  if (part === 'caller' && call.state === 'ringing') return `outgoing ${call.callId} ${peer}`;
  if (call.state === 'ringing') return seat.userId === call.calleeId ? `incoming ${call.callId} ${peer}` : 'idle';
  if (part === null) return 'idle';
  const [other] = seatsAcross(call, seat);
  const role = seat.deviceId === call.caller.deviceId ? 'impolite' : 'polite';
  return `in call ${call.callId} ${peer} ${role} ${other?.deviceId ?? 'nobody'}`;
}

function summary({ page: { call } }: Station): string {
  if (call.state === 'idle') return 'idle';
  if (!isInCall(call)) return `${call.state} ${call.callId} ${call.peerId}`;
  const links = [...call.links].map(([device, { role }]) => `${role} ${device}`);
  return `in call ${call.callId} ${call.peerId} ${links.join()}`;
}
