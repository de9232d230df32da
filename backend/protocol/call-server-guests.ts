import { endCall } from '#protocol/call-server-endings';
import { type CallStep, type CallWorld, type Send } from '#protocol/call-server-events';
import { refuse } from '#protocol/call-server-invite';
import { type CallRegistry, isDevice, withDoor } from '#protocol/call-state';
import { type CallId, type DeviceAddress } from '#protocol/ids';
import { DOOR_MS, MOST_DOORS } from '#protocol/limits';
import { type ClientCallFrame, type FrameOf, type Unnumbered } from '#protocol/messages';

type Of<T extends ClientCallFrame['type']> = Unnumbered<FrameOf<ClientCallFrame, T>>;

/**
 * ```
 *   guest.open ──► open ── invite of a guest ──► rings ── accept ──► active: the link is gone
 *                   ▲ │ 24 h, guest.close          │ anything else
 *                   │ ▼                            │
 *                   │ gone                         │
 *                   └──────────────────────────────┘
 * ```
 * A person's device makes a link for a guest (CA40). The same again says how long it can still be used: a page says it after each
 * welcome, for a link does not outlive the process that decides.
 */
export function openDoor(
  registry: CallRegistry,
  from: DeviceAddress,
  frame: Of<'guest.open'>,
  world: CallWorld,
): CallStep {
  const { callId, door: proof } = frame;
  const known = registry.doors.get(callId);
  const isOwn = known !== undefined && isDevice(known.host, from) && known.proof === proof;
  if (isOwn && known.until > world.now) return [registry, [linkFor(from, callId, known.until - world.now)]];
  if (known || registry.calls.has(callId) || world.endedCall(callId))
    return [registry, [refuse(from, frame, 'call-id-taken', 'Another call has this id.')]];
  const fresh = withoutOld(registry, world.now);
  const own = [...fresh.doors.values()].filter(({ host }) => host.userId === from.userId);
  if (own.length >= MOST_DOORS)
    return [registry, [refuse(from, frame, 'out-of-bounds', 'Too many links for guests are open.')]];
  const door = { callId, host: from, proof, until: world.now + DOOR_MS };
  return [withDoor(fresh, callId, door), [linkFor(from, callId, DOOR_MS)]];
}

/** Closes a link: later guests are refused, and a guest who rings at the moment is declined. */
export function closeDoor(
  registry: CallRegistry,
  from: DeviceAddress,
  { callId }: Of<'guest.close'>,
  world: CallWorld,
): CallStep {
  const over = linkFor(from, callId, 0);
  const door = registry.doors.get(callId);
  if (!door || !isDevice(door.host, from)) return [registry, [over]];
  const closed = withoutDoor(registry, callId);
  const call = closed.calls.get(callId);
  if (call?.state !== 'ringing') return [closed, [over]];
  const [after, effects] = endCall(closed, call, { caller: 'declined', callee: 'declined' }, world);
  return [after, [...effects, over]];
}

/** The link of this call is used up, or closed. */
export const withoutDoor = (registry: CallRegistry, callId: CallId): CallRegistry =>
  registry.doors.has(callId) ? withDoor(registry, callId, undefined) : registry;

const withoutOld = (registry: CallRegistry, now: number): CallRegistry =>
  [...registry.doors.values()].reduce(
    (after, { callId, until }) => (until > now ? after : withoutDoor(after, callId)),
    registry,
  );

const linkFor = (to: DeviceAddress, callId: CallId, ms: number): Send => ({
  do: 'send',
  to,
  frame: { type: 'guest.link', callId, ms },
});
