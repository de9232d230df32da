import { ended, reachableBy, ringingFor, rungDevices } from '#protocol/call-server-endings';
import { type CallEffect, type CallStep, type CallWorld, type Send } from '#protocol/call-server-events';
import {
  type ActiveCall,
  type Call,
  type CallRegistry,
  type EndedCall,
  isSeat,
  type RingingCall,
  type Seat,
  withCall,
} from '#protocol/call-state';
import { type EndReason } from '#protocol/end-reason';
import { type FaultCode } from '#protocol/faults';
import { RING_MS } from '#protocol/limits';
import { type ClientCallFrame, type FrameOf, type Unnumbered } from '#protocol/messages';

type Invite = Unnumbered<FrameOf<ClientCallFrame, 'call.invite'>>;

/** Refuses one frame of this device and leaves everything as it was. */
export function refuse(to: Seat, frame: Unnumbered<ClientCallFrame>, code: FaultCode, detail: string): Send {
  return { do: 'send', to, frame: { type: 'fault', re: { type: frame.type, id: frame.callId }, code, detail } };
}

/** Places a call, or says why not (CA1). The id of a refused call stays used: it is written like any other. */
export function invite(registry: CallRegistry, from: Seat, frame: Invite, world: CallWorld): CallStep {
  const known = registry.calls.get(frame.callId) ?? world.endedCall(frame.callId);
  if (known) return [registry, [invitedBefore(known, from, frame)]];
  const relation = from.userId === frame.receiverId ? 'strangers' : world.relation(from.userId, frame.receiverId);
  if (relation === 'strangers') return [registry, [refuse(from, frame, 'not-contacts', 'You can only call contacts.')]];

  const withheld = relation === 'blocked';
  const refused = (callerReason: EndReason, calleeReason: EndReason | null): CallStep =>
    neverRang(registry, from, frame, callerReason, withheld ? null : calleeReason);
  if (registry.callOf.has(from.userId)) return refused('already-in-call', null);
  if (!withheld && registry.callOf.has(frame.receiverId)) return refused('busy', 'missed');
  const rings = withheld ? [] : world.sessions(frame.receiverId);
  return ring(registry, from, frame, rings, withheld, world);
}

function ring(
  registry: CallRegistry,
  caller: Seat,
  { callId, receiverId: calleeId, media }: Invite,
  rings: RingingCall['rings'],
  withheld: boolean,
  world: CallWorld,
): CallStep {
  const ringMs = world.ringMs ?? RING_MS;
  const facts = { callId, caller, calleeId, media };
  const times = { ringsUntil: world.now + ringMs, reachableBy: reachableBy(rings, calleeId, world) };
  const call: RingingCall = { state: 'ringing', ...facts, rings, shown: [], withheld, ...times };
  const invited = { type: 'call.invited', callId, media, ringMs, senderId: caller.userId } as const;
  const told = rungDevices(call).map((to): CallEffect => ({
    do: 'send',
    to,
    frame: { ...invited, receiverId: to.userId },
  }));
  return [withCall(registry, call), [{ do: 'record', call }, ...told]];
}

function neverRang(
  registry: CallRegistry,
  caller: Seat,
  { callId, receiverId: calleeId, media }: Invite,
  callerReason: EndReason,
  calleeReason: EndReason | null,
): CallStep {
  const call: EndedCall = { state: 'ended', callId, caller, calleeId, callee: null, media, callerReason, calleeReason };
  return [registry, [{ do: 'record', call }, ended(caller, calleeId, callId, callerReason)]];
}

/** The same invite again is answered with the present state and rings nobody; an id belongs to the device that used it first. */
function invitedBefore(call: Call, from: Seat, frame: Invite): Send {
  if (!isSeat(call.caller, from)) return refuse(from, frame, 'call-id-taken', 'Another call has this id.');
  if (call.state === 'ringing') return ringingFor(call, from);
  if (call.state === 'ended') return ended(from, call.calleeId, call.callId, call.callerReason);
  return accepted(call, undefined);
}

/** Tells the caller whose device has the other seat. */
export function accepted(call: ActiveCall, data: string | undefined): Send {
  const { callId, caller, callee } = call;
  const frame = { type: 'call.accepted', senderId: callee.userId, receiverId: caller.userId, callId } as const;
  return {
    do: 'send',
    to: caller,
    frame: { ...frame, deviceId: callee.deviceId, ...(data === undefined ? {} : { data }) },
  };
}
