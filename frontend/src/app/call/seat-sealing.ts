import { inject, Service } from '@angular/core';
import { type UnsealedReason } from '#protocol/call-client-state';
import { type FromSeat, type ToSeat } from '#protocol/call-frames';
import { type SeatSaid } from '#protocol/crypto/seat-plaintext';
import { type CallId, type DeviceAddress, type DeviceId } from '#protocol/ids';
import { type Unnumbered } from '#protocol/messages';
import { Turns } from '../../../crypto/turns.ts';
import { CallSeal } from '../crypto/call-seal';

/** Most frames of a device that wait to be opened: an honest one says a handful. */
const MOST_WAITING = 200;

/** The other end of a seat's frames, as the page knows it. */
export interface SeatEnds {
  /** Whether this device has a seat in this call beside this page's own. */
  readonly seated: (callId: CallId, device: DeviceAddress) => boolean;
  /** A frame as it was sealed for this device. */
  readonly send: (frame: Unnumbered<ToSeat>, to: DeviceId) => void;
  /** A frame that is the word of its seat, with what was sealed as its `data`. */
  readonly heard: (frame: FromSeat) => void;
  /** Nothing can be said to this seat. */
  readonly refused: (callId: CallId, reason: UnsealedReason) => void;
}

/**
 * Seals what is said to a seat and opens what a seat says, each device's in its order: the machine answers later, and a
 * candidate must not overtake its offer. What is not opened is as if it had never come.
 */
@Service()
export class SeatSealing {
  readonly #seal = inject(CallSeal);
  readonly #turns = new Turns();
  readonly #ready = new Map<CallId, Map<DeviceId, Promise<UnsealedReason | null>>>();
  readonly #waiting = new Map<DeviceId, number>();

  say(to: DeviceAddress, said: SeatSaid, ends: SeatEnds): void {
    const { callId, type, link } = said;
    void this.#turns.run(`seal ${to.deviceId}`, async () => {
      if (!(await this.#isReady(callId, to, ends))) return;
      const sealed = await this.#seal.seal(to, said);
      if (!ends.seated(callId, to)) return;
      if (sealed.ok) ends.send({ type, receiverId: to.userId, callId, link, data: sealed.value }, to.deviceId);
      else ends.refused(callId, sealed.error);
    });
  }

  hear(frame: FromSeat, ends: SeatEnds): void {
    const from = { userId: frame.senderId, deviceId: frame.deviceId };
    const waiting = this.#waiting.get(from.deviceId) ?? 0;
    if (waiting >= MOST_WAITING || !ends.seated(frame.callId, from)) return;
    this.#waiting.set(from.deviceId, waiting + 1);
    void this.#turns
      .run(`open ${from.deviceId}`, async () => {
        if (!(await this.#isReady(frame.callId, from, ends))) return;
        const data = await this.#seal.open(frame);
        if (data !== null && ends.seated(frame.callId, from)) ends.heard({ ...frame, data });
      })
      .finally(() => {
        const left = (this.#waiting.get(from.deviceId) ?? 1) - 1;
        if (left > 0) this.#waiting.set(from.deviceId, left);
        else this.#waiting.delete(from.deviceId);
      });
  }

  /** Forgets calls that are over. */
  keep(callIds: readonly CallId[]): void {
    for (const callId of this.#ready.keys()) if (!callIds.includes(callId)) this.#ready.delete(callId);
  }

  /** Looked at once a call and device: its keys must be known before the first frame of it is opened. */
  async #isReady(callId: CallId, { userId, deviceId }: DeviceAddress, ends: SeatEnds): Promise<boolean> {
    if (!ends.seated(callId, { userId, deviceId })) return false;
    const devices = this.#ready.get(callId) ?? new Map<DeviceId, Promise<UnsealedReason | null>>();
    const ready = devices.get(deviceId) ?? this.#seal.obstacle(userId, deviceId);
    this.#ready.set(callId, devices.set(deviceId, ready));
    const refusal = await ready;
    if (refusal !== null) ends.refused(callId, refusal);
    return refusal === null && ends.seated(callId, { userId, deviceId });
  }
}
