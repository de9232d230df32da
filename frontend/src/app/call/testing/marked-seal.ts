import { type Provider } from '@angular/core';
import { type UnsealedReason } from '#protocol/call-client-state';
import { type FromSeat } from '#protocol/call-frames';
import { openSeat, type SeatSaid, seatPlaintextOf } from '#protocol/crypto/seat-plaintext';
import { type DeviceAddress } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
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

/** Seals by a mark in the place of Olm: who has sealed it is believed, each is for one device, and each is opened once. */
export class MarkedSeal implements Pick<CallSeal, 'obstacle' | 'seal' | 'open'> {
  readonly #own: DeviceAddress;
  readonly #opened = new Set<number>();
  /** Why nothing can be sealed, where a spec says so. */
  refuses: UnsealedReason | null = null;
  /** What the machine waits for before it answers. */
  slow: () => Promise<unknown> = () => Promise.resolve();

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
