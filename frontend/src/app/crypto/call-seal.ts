import { inject, Service } from '@angular/core';
import { firstValueFrom, race, timer } from 'rxjs';
import { type UnsealedReason } from '#protocol/call-client-state';
import { type FromSeat } from '#protocol/call-frames';
import { openSeat, type SeatSaid, seatPlaintextOf } from '#protocol/crypto/seat-plaintext';
import { type DeviceAddress, type DeviceId, type UserId } from '#protocol/ids';
import { err, type Result } from '#protocol/result';
import type { CallCode, CallSeen, CodeRefusal } from '../../../crypto/call-code.ts';
import type { SendRefusal } from '../../../crypto/trust.ts';
import { GuestCalls } from './guest-calls';
import { OwnKeys } from './own-keys';

/**
 * A machine that has to be loaded first, on a device that has just signed in, takes many seconds on a slow phone. The person may
 * leave the call or the ring meanwhile, ms.
 */
const LOOK_WITHIN_MS = 30_000;

/** Somebody who has just signed up is making their keys: they are asked about again for so long, ms, and each time keys come. */
const JUST_MADE_MS = 10_000;

const REASONS: Readonly<Record<SendRefusal['why'], UnsealedReason>> = {
  'identity-changed': 'identity-changed',
  'own-identity-changed': 'own-identity-changed',
  'not-signed-in': 'not-signed',
  'no-identity': 'no-keys',
  'no-device-list': 'no-keys',
  'no-device': 'no-keys',
  'too-large': 'keys-unknown',
};

/** Between what the seats of a call say to each other and what travels as `data` of their frames: an Olm message to one device. */
@Service()
export class CallSeal {
  readonly #keys = inject(OwnKeys);
  readonly #guests = inject(GuestCalls);

  /**
   * Before a call is placed or answered, and before the first frame of a device is opened.
   * @param deviceId theirs, where it is known
   * @returns why nothing can be sealed for them; null: it can
   */
  async obstacle(userId: UserId, deviceId?: DeviceId): Promise<UnsealedReason | null> {
    if (this.#guests.concerns(userId)) return null;
    try {
      const refusal = await inTime(this.#refusalFor(userId, deviceId));
      return refusal === null ? null : REASONS[refusal.why];
    } catch {
      return 'keys-unknown';
    }
  }

  /** @returns the `data` of the frame */
  async seal(to: DeviceAddress, said: SeatSaid): Promise<Result<string, UnsealedReason>> {
    try {
      if (this.#guests.concerns(to.userId)) return await (await this.#guests.sealing()).seal(to.userId, said);
      const { type } = said;
      const sealed = await this.#keys.ask('sealFor', { to, type, content: seatPlaintextOf(said) });
      return sealed.ok ? sealed : err(REASONS[sealed.error.why]);
    } catch {
      return err('keys-unknown');
    }
  }

  /** @returns the `data` that was sealed; null: it is not the word of that seat in that call, and nothing is done with it */
  async open(frame: FromSeat): Promise<string | null> {
    try {
      if (this.#guests.concerns(frame.senderId)) return await (await this.#guests.sealing()).open(frame);
      const arrived = await this.#keys.ask('openFrom', { sender: frame.senderId, sealed: frame.data });
      const opened = arrived.ok ? openSeat(frame, arrived.value) : arrived;
      return opened.ok ? opened.value : null;
    } catch {
      return null;
    }
  }

  /** What the two persons of a call say to each other. */
  codeOf(call: CallSeen): Promise<Result<CallCode, CodeRefusal>> {
    const made = this.#guests.concerns(call.peer.userId)
      ? this.#guests.sealing().then(sealing => sealing.codeOf(call))
      : this.#keys.ask('codeOf', call);
    return made.catch(() => err('no-keys'));
  }

  async #refusalFor(userId: UserId, deviceId: DeviceId | undefined): Promise<SendRefusal | null> {
    // A device that has just signed in becomes one of its person's in the first round.
    if (this.#keys.state() === 'unknown') await this.#keys.settled();
    const input = deviceId === undefined ? { userId } : { userId, deviceId };
    const until = Date.now() + JUST_MADE_MS;
    for (;;) {
      const refusal = await this.#keys.ask('readyFor', input);
      if (refusal === null || REASONS[refusal.why] !== 'no-keys' || Date.now() >= until) return refusal;
      await firstValueFrom(race(this.#keys.came, timer(until - Date.now())));
    }
  }
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error('the machine takes too long')), LOOK_WITHIN_MS);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(deadline));
}
