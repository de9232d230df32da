import * as z from 'zod/mini';
import { doorProof, media, welcomeCall } from '#protocol/call-frames';
import type { Door, LiveCall } from '#protocol/call-state';
import { callId, conversationId, deviceId, userId, uuid, type UserId } from '#protocol/ids';
import { clientFrame, serverFrame } from '#protocol/messages';

/** Who says it: the id of a process, made anew at each start. */
const from = uuid;
const seat = z.object({ userId, deviceId });
const count = z.int().check(z.nonnegative());

/**
 * A device's session as its process tells the others. `hiddenMs`: how long its page has been hidden, null where it is
 * visible or never was; durations, because each process has a clock of its own. `since` (ms since the epoch) decides
 * only where two processes believe to have the same device.
 */
const deviceHere = z.object({
  deviceId,
  live: z.boolean(),
  visible: z.boolean(),
  hiddenMs: z.nullable(count),
  since: count,
});
export type DeviceHere = z.infer<typeof deviceHere>;

/** A live call as the registrar tells it; `ringMs` is what is left of the ring, `reachableMs` of the wait for a device. */
const guest = z.object({ name: z.string(), at: deviceId });
const callFacts = { callId, caller: seat, calleeId: userId, media, guest: z.optional(guest) };
const toldCall = z.discriminatedUnion('state', [
  z.object({
    ...callFacts,
    state: z.literal('ringing'),
    rings: z.array(deviceId),
    waiting: z.boolean(),
    withheld: z.boolean(),
    ringMs: count,
    reachableMs: z.nullable(count),
  }),
  z.object({
    ...callFacts,
    state: z.literal('active'),
    seats: z.array(z.object({ userId, deviceId, held: z.boolean() })),
    arriving: z.optional(z.array(seat)),
  }),
]);
export type ToldCall = z.infer<typeof toldCall>;

/** A link for a guest; `ms`: how long it can still be used. */
const toldDoor = z.object({ callId, host: seat, proof: doorProof, ms: count });
export type ToldDoor = z.infer<typeof toldDoor>;

const users = z.array(z.object({ userId, devices: z.array(deviceHere) }));

/** `RelationChange` of `events/event.ts`. */
const relationChange = z.object({
  by: userId,
  other: userId,
  saw: z.boolean(),
  sees: z.boolean(),
  blocked: z.boolean(),
});

const mark = z.object({ received: z.optional(count), read: z.optional(count) });

const busMessage = z.discriminatedUnion('kind', [
  // To a user's topic: for their sessions, wherever they are.
  z.object({
    kind: z.literal('deliver'),
    from,
    only: z.optional(deviceId),
    except: z.optional(deviceId),
    frame: serverFrame,
  }),
  z.object({ kind: z.literal('welcome'), from, deviceId, calls: z.array(welcomeCall) }),
  // To everybody: who is where. `opened` has a new session here, so an older one elsewhere is over.
  z.object({ kind: z.literal('here'), from, users, opened: z.optional(deviceId) }),
  z.object({ kind: z.literal('everybody'), from, users, first: z.boolean() }),
  z.object({ kind: z.literal('who'), from }),
  z.object({ kind: z.literal('gone'), from }),
  // To everybody: what was said to these users, or to all, could not be; whoever has their sessions must have them look.
  z.object({ kind: z.literal('missed'), from, users: z.optional(z.array(userId)) }),
  // To everybody: events of `events/event.ts`, of which other rooms of each process hear.
  z.object({ kind: z.literal('devices-removed'), from, deviceIds: z.array(deviceId) }),
  z.object({ kind: z.literal('settings-changed'), from, userId, relayCalls: z.boolean() }),
  z.object({ kind: z.literal('relation-changed'), from, change: relationChange }),
  z.object({ kind: z.literal('marked'), from, reader: seat, conversationId, mark }),
  z.object({ kind: z.literal('retracted'), from, users: z.array(userId), conversationId, seq: count }),
  z.object({ kind: z.literal('push-subscribed'), from }),
  // To everybody: the token of a notification, which its own process knows and says so.
  z.object({ kind: z.literal('declining'), from, question: uuid, token: z.string() }),
  z.object({ kind: z.literal('declines'), from, question: uuid, known: z.boolean() }),
  // To everybody, from the registrar: that it is; and the live calls of these users, which are all they are in.
  z.object({
    kind: z.literal('registrar'),
    from,
    fence: count,
    calls: z.array(toldCall),
    doors: z.optional(z.array(toldDoor)),
  }),
  // To everybody, from the registrar: all links for guests.
  z.object({ kind: z.literal('doors'), from, fence: count, doors: z.array(toldDoor) }),
  z.object({ kind: z.literal('seats'), from, fence: count, users: z.array(userId), calls: z.array(toldCall) }),
  // To the registrar.
  z.object({ kind: z.literal('frame'), from, seat, frame: clientFrame }),
  z.object({ kind: z.literal('welcomed'), from, seat, how: z.enum(['new', 'again']), named: z.array(callId) }),
  z.object({ kind: z.literal('declined'), from, seat, callId }),
  z.object({ kind: z.literal('ended'), from, seat, how: z.enum(['expired', 'left']) }),
]);
export type BusMessage = z.infer<typeof busMessage>;

/** @returns undefined for what another version of Parley may have said */
export function readMessage(text: string): BusMessage | undefined {
  const read = busMessage.safeParse(JSON.parse(text));
  return read.success ? read.data : undefined;
}

const USER_TOPIC = 'user:';
export const TOPICS = {
  everybody: 'everybody',
  registrar: 'registrar',
  user: (id: UserId) => `${USER_TOPIC}${id}`,
  /** Whose topic `user` has named. */
  userOf: (topic: string): UserId => userId.parse(topic.slice(USER_TOPIC.length)),
};

/** @param now by the teller's own clock */
export function tell(call: LiveCall, now: number): ToldCall {
  const { callId, caller, calleeId, media: kind } = call;
  const facts = { callId, caller, calleeId, media: kind, ...(call.guest && { guest: call.guest }) };
  if (call.state === 'active') {
    const seats = call.seats.map(({ userId: of, deviceId: at, held }) => ({ userId: of, deviceId: at, held }));
    const arriving = call.arriving.map(({ userId: of, deviceId: at }) => ({ userId: of, deviceId: at }));
    return { ...facts, state: 'active', seats, ...(arriving.length > 0 && { arriving }) };
  }
  const left = (until: number) => Math.max(0, until - now);
  const times = {
    ringMs: left(call.ringsUntil),
    reachableMs: call.reachableBy === null ? null : left(call.reachableBy),
  };
  return {
    ...facts,
    state: 'ringing',
    rings: [...call.rings],
    waiting: call.waiting,
    withheld: call.withheld,
    ...times,
  };
}

export const tellDoor = ({ callId, host, proof, until }: Door, now: number): ToldDoor => ({
  callId,
  host,
  proof,
  ms: Math.max(0, until - now),
});
export const hearDoor = ({ ms, ...door }: ToldDoor, now: number): Door => ({ ...door, until: now + ms });

/**
 * A follower routes by it and decides nothing: since when a seat is taken only the registrar knows.
 * @param now by the hearer's own clock
 */
export function hear(call: ToldCall, now: number): LiveCall {
  const { guest: by, ...plain } = call;
  const guests = by && { guest: by };
  if (plain.state === 'active') {
    const seats = plain.seats.map(taken => ({ ...taken, since: now, absentSince: null }));
    const arriving = (plain.arriving ?? []).map(device => ({ ...device, until: Infinity }));
    return { ...plain, ...guests, seats, arriving, arrivals: 0 };
  }
  const { ringMs, reachableMs, ...ringing } = plain;
  const reachableBy = reachableMs === null ? null : now + reachableMs;
  return { ...ringing, ...guests, shown: [], since: now, ringsUntil: now + ringMs, reachableBy };
}
