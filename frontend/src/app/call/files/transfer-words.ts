import { inject, Service } from '@angular/core';
import { type OfferedFile } from '#protocol/direct/file-messages';
import { type Transfer } from '#protocol/direct/file-transfers';
import { type Key, Words } from '../../../i18n/words';
import { Peer } from '../peer';
import { TransferPace } from './transfer-pace';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** What is said of a file on its way. */
@Service()
export class TransferWords {
  readonly #words = inject(Words);
  readonly #peer = inject(Peer);
  /** Of each transfer, for as long as it is there: all of its states have the same `file`. */
  readonly #paces = new WeakMap<OfferedFile, TransferPace>();

  /** @param bytes in the largest unit that fits, of 1,000 (IEC 80000-13): "148 MB" */
  size(bytes: number): string {
    const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    const value = bytes / 1000 ** step;
    return new Intl.NumberFormat(this.#words.locale(), {
      style: 'unit',
      unit: UNITS[step] ?? 'byte',
      unitDisplay: step === 0 ? 'long' : 'short',
      maximumFractionDigits: value < 10 && step > 1 ? 1 : 0,
    }).format(value);
  }

  /** What becomes of it, in a sentence without its name. `open`: whether the two devices are connected. */
  state({ way, phase, file, stored }: Transfer, open: boolean): string {
    const name = this.#peer.name();
    const [size, there] = [this.size(file.size), this.size(stored)];
    const t = (key: Key) => this.#words.t(key, { name, size, there });
    switch (phase.is) {
      case 'offered':
        return t(way === 'in' ? 'call.files.offersYou' : 'call.files.asked');
      case 'moving':
        return open ? this.#moving(t('call.files.moving'), file, stored) : t('call.files.waits');
      case 'paused':
        return t(phase.by === 'me' ? 'call.files.paused' : 'call.files.pausedByPeer');
      case 'checking':
        return t('call.files.checking');
      case 'done':
        return t(way === 'in' ? 'call.files.here' : 'call.files.there');
      case 'declined':
        return t(way === 'in' ? 'call.files.youDeclined' : 'call.files.declined');
      case 'cancelled':
        return t(phase.by === 'me' ? 'call.files.youCancelled' : 'call.files.cancelled');
      case 'failed':
        return t(phase.why === 'not-saved' ? NOT_SAVED[way] : FAILED[phase.why]);
    }
  }

  /** How much of it is there, and how long the rest takes where that is known. */
  #moving(amount: string, file: OfferedFile, stored: number): string {
    const pace = this.#paces.get(file) ?? new TransferPace();
    this.#paces.set(file, pace);
    pace.note(performance.now(), stored);
    const left = pace.leftMs(file.size);
    return left === null ? amount : this.#words.t('call.files.left', { amount, time: this.#time(left) });
  }

  /** "12 seconds", "4 minutes": a guess is said in one unit. */
  #time(ms: number): string {
    const [value, unit] = ms < 60_000 ? [ms / 1_000, 'second'] : [ms / 60_000, 'minute'];
    const how = { style: 'unit', unit, unitDisplay: 'long' } as const;
    return new Intl.NumberFormat(this.#words.locale(), how).format(Math.max(1, Math.ceil(value)));
  }
}

const NOT_SAVED = { in: 'call.files.failed.notSavedHere', out: 'call.files.failed.notSavedThere' } as const;
const FAILED = {
  unreadable: 'call.files.failed.unreadable',
  damaged: 'call.files.failed.damaged',
  broken: 'call.files.failed.broken',
  'too-large': 'call.files.failed.tooLarge',
  'too-many': 'call.files.failed.tooMany',
  'call-over': 'call.files.failed.callOver',
} as const;
