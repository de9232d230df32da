import { type Media } from '#protocol/call-frames';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { BOTH_ABSENT_MS } from '#protocol/limits';

/** A device that is bound into a call: its caller's, and the one that accepted it. */
export type Seat = DeviceAddress;

interface CallFacts {
  readonly callId: CallId;
  readonly caller: Seat;
  readonly calleeId: UserId;
  readonly media: Media;
}

/**
 * `rings` are the callee's devices that were told, `shown` those of them whose page said that it shows the ring.
 * `withheld`: the callee has blocked the caller. Such a ring exists for the caller alone; the callee is not in it.
 * `calleeReason`: how it ended for a callee who blocked the caller while it rang; without it they have never heard of it.
 */
export interface RingingCall extends CallFacts {
  readonly state: 'ringing';
  readonly rings: readonly DeviceId[];
  readonly shown: readonly DeviceId[];
  readonly withheld: boolean;
  readonly calleeReason?: EndReason;
  /** When the ring times out, on the clock of `CallWorld.now`. */
  readonly ringsUntil: number;
  /** When it ends as `unavailable`, because it rings nowhere and nothing can be pushed; null while that is not so. */
  readonly reachableBy: number | null;
}

/** `absentSince` says of each seat since when its device has no session, on the clock of `CallWorld.now`. */
export interface ActiveCall extends CallFacts {
  readonly state: 'active';
  readonly callee: Seat;
  readonly absentSince: { readonly caller: number | null; readonly callee: number | null };
}

/** Each side has its own reason. A callee without one has never heard of this call: no log entry, no CA3 answer. */
export interface EndedCall extends CallFacts {
  readonly state: 'ended';
  /** The device that had answered, or null when nobody had. */
  readonly callee: Seat | null;
  readonly callerReason: EndReason;
  readonly calleeReason: EndReason | null;
}

export type LiveCall = RingingCall | ActiveCall;
export type Call = LiveCall | EndedCall;

/** The live calls, and which of them each user is in (CA1). Maps are never changed, only replaced. */
export interface CallRegistry {
  readonly calls: ReadonlyMap<CallId, LiveCall>;
  readonly callOf: ReadonlyMap<UserId, CallId>;
}

export const NO_CALLS: CallRegistry = { calls: new Map(), callOf: new Map() };

export const isSeat = (seat: Seat, of: Seat): boolean => seat.deviceId === of.deviceId && seat.userId === of.userId;

/** What a device is in a live call; null when it is nothing in it, whatever its user is. */
export function partOf(call: LiveCall, seat: Seat): 'caller' | 'callee' | 'rung' | null {
  if (isSeat(call.caller, seat)) return 'caller';
  if (call.state === 'active') return isSeat(call.callee, seat) ? 'callee' : null;
  return seat.userId === call.calleeId && call.rings.includes(seat.deviceId) ? 'rung' : null;
}

/** The user at the other end, for one of a call's two users. */
export const peerOf = (call: Call, userId: UserId): UserId =>
  call.caller.userId === userId ? call.calleeId : call.caller.userId;

/** The seat across, for one of an active call's two seats. */
export const seatAcross = (call: ActiveCall, part: 'caller' | 'callee'): Seat =>
  part === 'caller' ? call.callee : call.caller;

/** The live call this user is in, ringing or active. */
export function callOf({ calls, callOf }: CallRegistry, userId: UserId): LiveCall | undefined {
  const callId = callOf.get(userId);
  return callId === undefined ? undefined : calls.get(callId);
}

/** Whether this user has a seat, as presence says `in-call`: placing a call counts, being rung does not. */
export function hasSeat(registry: CallRegistry, userId: UserId): boolean {
  const call = callOf(registry, userId);
  return call !== undefined && (call.state === 'active' || call.caller.userId === userId);
}

/** The registry with this call as it is now; an ended call leaves it. Costs a copy, so only for a call that changed. */
export function withCall(registry: CallRegistry, call: Call): CallRegistry {
  const calls = new Map(registry.calls);
  const users = new Map(registry.callOf);
  const withheld = call.state === 'ringing' && call.withheld;
  const parties = withheld ? [call.caller.userId] : [call.caller.userId, call.calleeId];
  if (call.state === 'ended') {
    calls.delete(call.callId);
    for (const user of parties) if (users.get(user) === call.callId) users.delete(user);
  } else {
    calls.set(call.callId, call);
    if (withheld && users.get(call.calleeId) === call.callId) users.delete(call.calleeId);
    for (const user of parties) users.set(user, call.callId);
  }
  return { calls, callOf: users };
}

/** When the server must look at this call again, on the clock of `CallWorld.now`, or null: a function of the call alone. */
export function deadlineOf(call: LiveCall): number | null {
  if (call.state === 'ringing') return Math.min(call.ringsUntil, call.reachableBy ?? Infinity);
  const { caller, callee } = call.absentSince;
  return caller === null || callee === null ? null : Math.max(caller, callee) + BOTH_ABSENT_MS;
}
