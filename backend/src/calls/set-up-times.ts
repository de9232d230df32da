import type { LiveCall } from '#protocol/call-state';
import type { CallId } from '#protocol/ids';
import type { ClientCallFrame } from '#protocol/messages';

/** What is observed, in ms, once a call. */
export type SetUpMetrics = {
  /** From the invite until the first device says that it shows the ring (RFC 6076, 4.3.1: session request delay). */
  ringShown(ms: number): void;
  /** From the accept until the answer to the first offer is handed on: what signaling takes of the time to the first picture. */
  callSetUp(ms: number): void;
};

/** When a call came to its last step; undefined for one that was observed, or has not come. */
type Times = { invitedAt?: number | undefined; acceptedAt?: number | undefined };

/** Takes the time of calls between invite, ring, accept and answer. */
export class SetUpTimes {
  readonly #metrics: SetUpMetrics;
  readonly #calls = new Map<CallId, Times>();

  constructor(metrics: SetUpMetrics) {
    this.#metrics = metrics;
  }

  /**
   * Only what a frame has changed counts: one that is repeated, refused or of a device without a part in the call does nothing.
   * @param after `call`: as it is after the frame, undefined where there is none; `isHandedOn`: whether a device is sent the frame;
   *   `now`: in ms, by a clock that only grows
   */
  heard({ type }: Pick<ClientCallFrame, 'type'>, { call, isHandedOn, now }: After): void {
    if (call === undefined) return;
    const times = this.#calls.get(call.callId);
    if (type === 'call.invite') {
      if (times === undefined) this.#calls.set(call.callId, { invitedAt: now });
    } else if (times === undefined) return;
    else if (type === 'call.ringing' && times.invitedAt !== undefined && isShown(call)) {
      this.#metrics.ringShown(now - times.invitedAt);
      times.invitedAt = undefined;
    } else if (type === 'call.accept' && call.state === 'active') times.acceptedAt ??= now;
    else if (type === 'call.answer' && times.acceptedAt !== undefined && isHandedOn) {
      this.#metrics.callSetUp(now - times.acceptedAt);
      this.#calls.delete(call.callId);
    }
  }

  /** The call is over. */
  forget(callId: CallId): void {
    this.#calls.delete(callId);
  }
}

type After = { call: LiveCall | undefined; isHandedOn: boolean; now: number };

const isShown = (call: LiveCall): boolean => call.state === 'ringing' && call.shown.length > 0;
