import { type Media } from '#protocol/call-frames';
import { type EndReason } from '#protocol/end-reason';
import { type CallId, type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { BOTH_ABSENT_MS } from '#protocol/limits';

/** A device that is bound into a call. Absence is a fact of a seat, not of its call. */
export interface Seat extends DeviceAddress {
  /** Since when it is taken, on the clock of `CallWorld.now`; the caller's since the call was placed. */
  readonly since: number;
  /** Since when its device has no session, on the clock of `CallWorld.now`; null while it has one. */
  readonly absentSince: number | null;
  /** Its person has put this call on hold and has, or had, another one beside it. */
  readonly held: boolean;
}

/** A device that is to take over the seat of another one of its person. */
export interface Arriving extends DeviceAddress {
  /** When it is given up, on the clock of `CallWorld.now`; Infinity while it waits for one that came before. */
  readonly until: number;
}

interface CallFacts {
  readonly callId: CallId;
  /** The device that placed the call, whose own the call's id is; once the call has moved, the one that has its seat. */
  readonly caller: DeviceAddress;
  readonly calleeId: UserId;
  readonly media: Media;
  /** The caller is a guest: the name they have typed, and the one device of the callee that has the key to their link. */
  readonly guest?: { readonly name: string; readonly at: DeviceId };
}

/**
 * `rings` are the callee's devices that were told, `shown` those of them whose page said that it shows the ring.
 * `waiting`: the callee was in a call when it began to ring; it rings at the device of their seat alone, and is never pushed.
 * `withheld`: the callee has blocked the caller. Such a ring exists for the caller alone; the callee is not in it.
 * `calleeLeft`: how and when it ended for a callee who blocked the caller while it rang; without it they have never heard of it.
 */
export interface RingingCall extends CallFacts {
  readonly state: 'ringing';
  readonly rings: readonly DeviceId[];
  readonly shown: readonly DeviceId[];
  readonly waiting: boolean;
  readonly withheld: boolean;
  readonly calleeLeft?: { readonly reason: EndReason; readonly since: number };
  /** When it began to ring, on the clock of `CallWorld.now`. */
  readonly since: number;
  /** When the ring times out, on the clock of `CallWorld.now`. */
  readonly ringsUntil: number;
  /** When it ends as `unavailable`, because it rings nowhere and nothing can be pushed; null while that is not so. */
  readonly reachableBy: number | null;
}

/**
 * Its seats stand in the order in which they were taken. A call of two people has two. Of the devices that arrive the
 * first is served: links to it are built. The others wait until it has its seat, or is given up.
 */
export interface ActiveCall extends CallFacts {
  readonly state: 'active';
  readonly seats: readonly Seat[];
  readonly arriving: readonly Arriving[];
  /** How many have been served before. */
  readonly arrivals: number;
}

/** Each party has its own reason. One without a reason has never heard of this call: no log entry, no CA3 answer. */
export interface EndedCall extends CallFacts {
  readonly state: 'ended';
  readonly parties: readonly Party[];
}

export type LiveCall = RingingCall | ActiveCall;
export type Call = LiveCall | EndedCall;

/** A person's part in a call. A live call has at least one party that is seated. */
export interface Party {
  readonly userId: UserId;
  readonly state: 'rung' | 'seated' | 'left' | 'declined' | 'missed';
  /** The device in their seat, or that was; null where none has answered. */
  readonly deviceId: DeviceId | null;
  /** Why the call ended for this person; null while they are in it, and for a person who was never told of it. */
  readonly reason: EndReason | null;
  /** Since when they are in this state, on the clock of `CallWorld.now`. */
  readonly since: number;
}

/**
 * The place in which a person has a call: `current` while they place it or have a seat, `held` while their seat is on
 * hold, `waiting` while it rings for them.
 */
export type Place = 'current' | 'held' | 'waiting';
export type Places = Readonly<Partial<Record<Place, CallId>>>;

/** A link by which one guest may call one device. It is removed when the device accepts a guest's call. */
export interface Door {
  readonly callId: CallId;
  readonly host: DeviceAddress;
  /** Proves that one has the link: HKDF of its secret. The server does not have the secret. */
  readonly proof: string;
  /** Until when it can be used, on the clock of `CallWorld.now`. */
  readonly until: number;
}

/** The live calls, in which places each person has one, and the links for guests. Maps are never changed, only replaced. */
export interface CallRegistry {
  readonly doors: ReadonlyMap<CallId, Door>;
  readonly calls: ReadonlyMap<CallId, LiveCall>;
  readonly places: ReadonlyMap<UserId, Places>;
}

export const NO_CALLS: CallRegistry = { doors: new Map(), calls: new Map(), places: new Map() };

export const isDevice = (device: DeviceAddress, of: DeviceAddress): boolean =>
  device.deviceId === of.deviceId && device.userId === of.userId;

/** What a device is in a live call; null when it is nothing in it, whatever its user is. */
export function partOf(call: LiveCall, device: DeviceAddress): 'caller' | 'rung' | 'seat' | 'arriving' | null {
  if (call.state === 'active') {
    if (seatOf(call, device)) return 'seat';
    return isArriving(call, device) ? 'arriving' : null;
  }
  if (isDevice(call.caller, device)) return 'caller';
  return device.userId === call.calleeId && call.rings.includes(device.deviceId) ? 'rung' : null;
}

/**
 * Whether this device is seated in a live call, or builds its links: a caller does as soon as it has placed the call, and
 * one that takes over a seat when it is served.
 */
export function isSeated({ calls }: CallRegistry, device: DeviceAddress, callId: CallId): boolean {
  const call = calls.get(callId);
  const part = call === undefined ? null : partOf(call, device);
  if (part === 'arriving') return call?.state === 'active' && isServed(call, device);
  return part !== null && part !== 'rung';
}

/** Whether a device of this person is to take over their seat. */
export const isMoving = ({ arriving }: ActiveCall, userId: UserId): boolean =>
  arriving.some(device => device.userId === userId);

/** Whether this device is to take over a seat, be it served or waiting. */
export const isArriving = ({ arriving }: ActiveCall, device: DeviceAddress): boolean =>
  arriving.some(one => isDevice(one, device));

/** Whether this is the device for which links are built. */
export const isServed = ({ arriving: [first] }: ActiveCall, device: DeviceAddress): boolean =>
  first !== undefined && isDevice(first, device);

/** The seat of this device in an active call. */
export const seatOf = (call: ActiveCall, device: DeviceAddress): Seat | undefined =>
  call.seats.find(seat => isDevice(seat, device));

/** The seat of this person in an active call, at whichever of their devices. */
export const seatOfUser = (call: ActiveCall, userId: UserId): Seat | undefined =>
  call.seats.find(seat => seat.userId === userId);

/** The other seats of an active call. */
export const seatsAcross = (call: ActiveCall, device: DeviceAddress): readonly Seat[] =>
  call.seats.filter(seat => !isDevice(seat, device));

/** The call in which the seat of this device has changed: it is absent since then, present (null), held or no longer. */
export const withSeat = (
  call: ActiveCall,
  device: DeviceAddress,
  change: Partial<Pick<Seat, 'absentSince' | 'held'>>,
): ActiveCall => ({ ...call, seats: call.seats.map(seat => (isDevice(seat, device) ? { ...seat, ...change } : seat)) });

/** The user at the other end, for one of a call's two users. */
export const peerOf = (call: Call, userId: UserId): UserId =>
  call.caller.userId === userId ? call.calleeId : call.caller.userId;

/** Every person with a part in this call, the caller first. */
export function partiesOf(call: Call): readonly Party[] {
  if (call.state === 'ended') return call.parties;
  if (call.state === 'active') {
    const isCallee = ({ userId }: Seat): number => Number(userId !== call.caller.userId);
    return call.seats.toSorted((a, b) => isCallee(a) - isCallee(b)).map(seated);
  }
  const { caller, calleeId: userId, withheld, calleeLeft, since } = call;
  const callee = { userId, deviceId: null, reason: null, since, ...calleeLeft };
  return [seated({ ...caller, since }), { ...callee, state: withheld ? 'missed' : 'rung' }];
}

const seated = ({ userId, deviceId, since }: Pick<Seat, 'userId' | 'deviceId' | 'since'>): Party => ({
  userId,
  deviceId,
  state: 'seated',
  reason: null,
  since,
});

/**
 * What is kept of a call that is over.
 * @param calleeDevice the one that had answered
 * @param since when it ended, on the clock of `CallWorld.now`
 */
export function endedCall(
  { callId, caller, calleeId, media }: CallFacts,
  calleeDevice: DeviceId | null,
  callerReason: EndReason,
  calleeReason: EndReason | null,
  since: number,
): EndedCall {
  const unanswered = calleeReason === 'declined' ? 'declined' : 'missed';
  return {
    state: 'ended',
    callId,
    caller,
    calleeId,
    media,
    parties: [
      { ...caller, state: 'left', reason: callerReason, since },
      {
        userId: calleeId,
        deviceId: calleeDevice,
        state: calleeDevice === null ? unanswered : 'left',
        reason: calleeReason,
        since,
      },
    ],
  };
}

/** Why a call ended for this person; null where they were never told of it. */
export const reasonFor = (call: EndedCall, userId: UserId): EndReason | null =>
  call.parties.find(party => party.userId === userId)?.reason ?? null;

const IN_ORDER = ['current', 'held', 'waiting'] as const;

/** The link with the id of this call, while it can be used. */
export function openDoorOf({ doors }: CallRegistry, callId: CallId, now: number): Door | undefined {
  const door = doors.get(callId);
  return door && door.until > now ? door : undefined;
}

/** The same registry with this link added, or without it. */
export function withDoor(registry: CallRegistry, callId: CallId, door: Door | undefined): CallRegistry {
  const doors = new Map(registry.doors);
  if (door) doors.set(callId, door);
  else doors.delete(callId);
  return { ...registry, doors };
}

/**
 * The state of a guest's link, for one guest: `open`, it can be used; `own`, this guest has placed its call; `taken`, another guest
 * has; null, there is neither link nor call.
 * @param guest the guest's id; null before the guest has one
 */
export function guestFinds(
  registry: CallRegistry,
  callId: CallId,
  guest: UserId | null,
  now: number,
): 'open' | 'own' | 'taken' | null {
  const call = registry.calls.get(callId);
  if (call?.guest) return call.caller.userId === guest ? 'own' : 'taken';
  return openDoorOf(registry, callId, now) ? 'open' : null;
}

/** The live calls of this user, each in another place: what they are in, what they hold, what rings for them. */
export const callsOf = ({ calls, places }: CallRegistry, userId: UserId): LiveCall[] =>
  IN_ORDER.flatMap(place => {
    const callId = places.get(userId)?.[place];
    return (callId === undefined ? undefined : calls.get(callId)) ?? [];
  });

/** The active calls of this user; all their seats in them are taken by one device (CA32). */
export const seatsOf = (registry: CallRegistry, userId: UserId): ActiveCall[] =>
  callsOf(registry, userId).filter(call => call.state === 'active');

/** The device with which this user is in a call; undefined where they are in none. */
export const seatedDevice = (registry: CallRegistry, userId: UserId): DeviceId | undefined =>
  seatsOf(registry, userId)[0]?.seats.find(seat => seat.userId === userId)?.deviceId;

/** Whether this user has a seat, as presence says `in-call`: placing a call counts, being rung does not. */
export function hasSeat({ places }: CallRegistry, userId: UserId): boolean {
  const { current, held } = places.get(userId) ?? {};
  return current !== undefined || held !== undefined;
}

/** The registry with this call as it is now; an ended call leaves it. Costs a copy, so only for a call that changed. */
export function withCall(registry: CallRegistry, call: Call): CallRegistry {
  const calls = new Map(registry.calls);
  const places = new Map(registry.places);
  if (call.state === 'ended') calls.delete(call.callId);
  else calls.set(call.callId, call);
  for (const { userId } of partiesOf(call)) put(places, userId, call.callId, placeIn(call, userId));
  return { doors: registry.doors, calls, places };
}

/** The place in which this user has this call; null where they have none in it. */
export function placeIn(call: Call, userId: UserId): Place | null {
  const state = partiesOf(call).find(party => party.userId === userId)?.state;
  const held = call.state === 'active' && call.seats.some(seat => seat.userId === userId && seat.held);
  if (state === 'seated') return held ? 'held' : 'current';
  return state === 'rung' ? 'waiting' : null;
}

/** Puts a user's call into this place, out of any other that it had. */
function put(places: Map<UserId, Places>, userId: UserId, callId: CallId, place: Place | null): void {
  const others = Object.entries(places.get(userId) ?? {}).filter(([, of]) => of !== callId);
  const all: Places = Object.fromEntries(place === null ? others : [...others, [place, callId]]);
  if (Object.keys(all).length > 0) places.set(userId, all);
  else places.delete(userId);
}

/** When the server must look at this call again, on the clock of `CallWorld.now`, or null: a function of the call alone. */
export function deadlineOf(call: LiveCall): number | null {
  if (call.state === 'ringing') return Math.min(call.ringsUntil, call.reachableBy ?? Infinity);
  const since = call.seats.map(({ absentSince }) => absentSince ?? Infinity);
  const due = Math.min(Math.max(...since) + BOTH_ABSENT_MS, call.arriving[0]?.until ?? Infinity);
  return due === Infinity ? null : due;
}
