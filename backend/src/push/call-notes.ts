import type { Media } from '#protocol/call-frames';
import { partiesOf, type Call, type RingingCall } from '#protocol/call-state';
import type { CallId, DeviceId, UserId } from '#protocol/ids';
import { RING_CONFIRM_MS } from '#protocol/limits';
import type { CallParty } from '../store/calls.ts';

/** `waiting` says of devices whose page may still show it when they are pushed; `pushed` are those that were. */
type Ring = {
  callId: CallId;
  callerId: UserId;
  calleeId: UserId;
  media: Media;
  ringsUntil: number;
  waiting: Map<DeviceId, number>;
  pushed: Set<DeviceId>;
};

type Facts = Pick<Ring, 'callId' | 'callerId' | 'media'> & { userId: UserId; deviceId: DeviceId };
/** What is to be pushed to a device about a call. */
export type CallPush =
  | (Facts & { what: 'ring'; ringsUntil: number })
  | (Facts & { what: 'call-over'; how: HowItWent; answeredBy?: DeviceId });
export type HowItWent = 'missed' | 'answered' | 'declined';

/**
 * ```
 *   rang ──► waiting, 1.5 s for a page that is there ── page shows it ──► nothing
 *               │ time, or at once without a page                            ▲
 *               └──► pushed ── page shows it after all ──────────────────────┤
 *                      └── the call is over, or answered ──► pushed "missed", "answered on …"
 * ```
 * Which device is pushed about which call. It knows no clock and sends nothing.
 */
export class CallNotes {
  readonly #rings = new Map<CallId, Ring>();

  /**
   * A call rings; `devices` are the callee's that can be pushed, and `live` says whether one has a page. A ring beside a call
   * is pushed to none of them: only the device of that call can answer it (CA32).
   */
  rang(call: RingingCall, devices: readonly DeviceId[], live: (id: DeviceId) => boolean, now: number): CallPush[] {
    const { callId, calleeId, media, ringsUntil } = call;
    if (devices.length === 0) return [];
    const waiting = new Map(devices.map(id => [id, call.waiting ? Infinity : live(id) ? now + RING_CONFIRM_MS : now]));
    const callerId = call.caller.userId;
    this.#rings.set(callId, { callId, callerId, calleeId, media, ringsUntil, waiting, pushed: new Set() });
    return this.due(now);
  }

  /** The page of this device shows the ring: from now on it tells its person itself. */
  shown(callId: CallId, deviceId: DeviceId): void {
    const ring = this.#rings.get(callId);
    ring?.waiting.delete(deviceId);
    ring?.pushed.delete(deviceId);
  }

  due(now: number): CallPush[] {
    return [...this.#rings.values()].flatMap(ring =>
      [...ring.waiting].flatMap(([deviceId, dueAt]): CallPush[] => {
        if (dueAt > now) return [];
        ring.waiting.delete(deviceId);
        ring.pushed.add(deviceId);
        return [{ what: 'ring', ...factsOf(ring, deviceId), ringsUntil: ring.ringsUntil }];
      }),
    );
  }

  /** A call has been answered or has ended. Who has not been pushed yet hears of a missed one alone. */
  settled(call: Exclude<Call, RingingCall>): CallPush[] {
    const ring = this.#rings.get(call.callId);
    if (ring === undefined) return [];
    this.#rings.delete(call.callId);
    const callee = partiesOf(call).find(({ userId }) => userId === call.calleeId);
    const answeredBy = callee?.deviceId ?? null;
    const how = howItWent({ deviceId: answeredBy, reason: callee?.reason ?? null });
    const told = how === 'missed' ? [...ring.pushed, ...ring.waiting.keys()] : [...ring.pushed];
    return told
      .filter(deviceId => deviceId !== answeredBy)
      .map(deviceId => ({
        what: 'call-over',
        how,
        ...factsOf(ring, deviceId),
        ...(how === 'answered' && answeredBy !== null ? { answeredBy } : {}),
      }));
  }

  /** Whether this device's notification is what rings there. */
  rings(callId: CallId, deviceId: DeviceId): boolean {
    return this.#rings.get(callId)?.pushed.has(deviceId) ?? false;
  }

  forget(deviceId: DeviceId): void {
    for (const { callId } of this.#rings.values()) this.shown(callId, deviceId);
  }
}

/**
 * What became of a ring for a person, as its notification says it.
 * @param party the device that has answered, null where none has; and why it ended for them, null while it has not
 */
export function howItWent({ deviceId, reason }: Pick<CallParty, 'deviceId' | 'reason'>): HowItWent {
  if (deviceId !== null) return 'answered';
  return reason === 'declined' ? 'declined' : 'missed';
}

const factsOf = ({ callId, callerId, calleeId, media }: Ring, deviceId: DeviceId): Facts => ({
  callId,
  callerId,
  media,
  userId: calleeId,
  deviceId,
});
