import { type UnsealedReason } from '#protocol/call-client-state';
import { type FromSeat } from '#protocol/call-frames';
import { type SeatSaid } from '#protocol/crypto/seat-plaintext';
import { type CallId, type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { CallCode, CallSeen, CodeRefusal } from '../../../crypto/call-code.ts';
import { guestCodeOf } from '../../../crypto/guest-code.ts';
import { GuestSeal } from '../../../crypto/guest-link.ts';

/** The secrets of this page's links, and on a guest's page the guest's own id. */
interface Held {
  readonly secrets: ReadonlyMap<CallId, string>;
  readonly pass: { readonly userId: UserId } | null;
}

/** What `CallSeal` does where one of the two is a guest. Loaded with the first frame of such a call. */
export class GuestSealing {
  readonly #calls: Held;
  readonly #seals = new Map<string, GuestSeal>();

  constructor(calls: Held) {
    this.#calls = calls;
  }

  async seal(to: UserId, said: SeatSaid): Promise<Result<string, UnsealedReason>> {
    const seal = this.#sealOf(said.callId, to);
    return seal ? ok(await seal.seal(said)) : err('keys-unknown');
  }

  async open(frame: FromSeat): Promise<string | null> {
    return (await this.#sealOf(frame.callId, frame.senderId)?.open(frame)) ?? null;
  }

  async codeOf(seen: CallSeen): Promise<Result<CallCode, CodeRefusal>> {
    const secret = this.#calls.secrets.get(seen.callId);
    return secret === undefined ? err('no-keys') : guestCodeOf(secret, seen, this.#calls.pass ? 'guest' : 'host');
  }

  #sealOf(callId: CallId, peer: UserId): GuestSeal | undefined {
    const { pass, secrets } = this.#calls;
    const guest = pass?.userId ?? peer;
    const name = `${callId} ${guest}`;
    const secret = secrets.get(callId);
    if (secret !== undefined && !this.#seals.has(name))
      this.#seals.set(name, new GuestSeal(secret, callId, guest, pass ? 'guest' : 'host'));
    return this.#seals.get(name);
  }
}
