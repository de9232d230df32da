import { type Provider } from '@angular/core';
import { type UnsealedReason } from '#protocol/call-client-state';
import { type FromSeat } from '#protocol/call-frames';
import { openSeat, type SeatSaid, seatPlaintextOf } from '#protocol/crypto/seat-plaintext';
import { type DeviceAddress, type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import type { CallCode, CallSeen, CodeRefusal } from '../../../../crypto/call-code.ts';
import { type CallEnd, isCommitted, spokenCode } from '../../../../crypto/spoken-code.ts';
import { CallSeal } from '../../crypto/call-seal';
import { SeatSealing } from '../seat-sealing';

interface Marked {
  readonly from: DeviceAddress;
  readonly to: DeviceAddress;
  readonly number: number;
  readonly type: string;
  readonly content: object;
}

/** What a device of these would have sealed for another one: honest where `from` is who says it. */
export const marked = (from: DeviceAddress, to: DeviceAddress, said: SeatSaid): string =>
  JSON.stringify({ from, to, number: ++lastNumber, type: said.type, content: seatPlaintextOf(said) } satisfies Marked);
let lastNumber = 0;

/** What was sealed, with other `data` inside: of who has the keys of both ends. */
export function remarked(data: string, change: (inside: string) => string): string {
  const sealed = readMarked(data);
  if (sealed === null) throw new Error('nothing is sealed there');
  const content = sealed.content as ReturnType<typeof seatPlaintextOf>;
  return JSON.stringify({ ...sealed, content: { ...content, data: change(content.data) } });
}

/** Seals by a mark in the place of Olm: who has sealed it is believed, each is for one device, and each is opened once. */
export class MarkedSeal implements Pick<CallSeal, 'obstacle' | 'seal' | 'open' | 'codeOf'> {
  readonly #own: DeviceAddress;
  readonly #opened = new Set<number>();
  /** Why nothing can be sealed, where a spec says so. */
  refuses: UnsealedReason | null = null;
  /** What the machine waits for before it answers. */
  slow: () => Promise<unknown> = () => Promise.resolve();
  /** The public master key that this end has of a person: another one where a server has exchanged it. */
  masterKeyOf = (userId: UserId): string => `master key of ${userId}`;

  constructor(own: DeviceAddress) {
    this.#own = own;
  }

  async obstacle(): Promise<UnsealedReason | null> {
    await this.slow();
    return this.refuses;
  }

  async seal(to: DeviceAddress, said: SeatSaid): Promise<Result<string, UnsealedReason>> {
    await this.slow();
    return this.refuses === null ? ok(marked(this.#own, to, said)) : err(this.refuses);
  }

  async open(frame: FromSeat): Promise<string | null> {
    await this.slow();
    const sealed = readMarked(frame.data);
    if (sealed?.to.deviceId !== this.#own.deviceId || this.#opened.has(sealed.number)) return null;
    this.#opened.add(sealed.number);
    const opened = openSeat(frame, sealed);
    return opened.ok ? opened.value : null;
  }

  async codeOf(seen: CallSeen): Promise<Result<CallCode, CodeRefusal>> {
    await this.slow();
    if (!(await isCommitted(seen.commitment, seen.nonce))) return err('not-committed');
    const end = ({ userId, deviceId }: DeviceAddress, fingerprint: string): CallEnd => ({
      masterKey: this.masterKeyOf(userId),
      deviceKey: deviceId,
      fingerprint,
    });
    const ends = [end(this.#own, seen.fingerprint), end(seen.peer, seen.peerFingerprint)] as const;
    const [caller, callee] = seen.as === 'caller' ? ends : ([ends[1], ends[0]] as const);
    const emoji = await spokenCode(seen.callId, caller, callee, seen.nonce);
    return ok({ emoji, masterKey: this.masterKeyOf(seen.peer.userId) });
  }
}

function readMarked(data: string): Marked | null {
  try {
    const parsed = JSON.parse(data) as Partial<Marked>;
    return parsed.from && parsed.to ? (parsed as Marked) : null;
  } catch {
    return null;
  }
}

/** For the page of this device. */
export const provideMarkedSeal = (own: DeviceAddress, seal = new MarkedSeal(own)): Provider[] => [
  { provide: CallSeal, useValue: seal },
  SeatSealing,
];
