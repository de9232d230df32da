import { type Envelope } from '#protocol/crypto/envelope';
import { type Proof } from '#protocol/crypto/provenance';
import { type UserId } from '#protocol/ids';

/**
 * How it is known who wrote an entry, as it is kept beside what the entry says. Entries from before encryption have none,
 * and those that an older app has opened.
 */
export interface Known {
  /**
   * `here`: written on this device; `signed`: its key came from a device that its person has signed; `backup`: its key came from the own
   * backup, with the record of the device that had sent it; `shown`: another person has sent its key, so nothing proves the author;
   * `resent`: the key was missing, and a device of the author has sent the content again.
   */
  readonly how: 'here' | 'signed' | 'backup' | 'shown' | 'resent';
  /** By the clock of the author's device, ms since the epoch. */
  readonly written?: number;
  /** When this device could read it, ms since the epoch. */
  readonly opened?: number;
  /** The public master key that the author had when the key of the entry came, base 64. */
  readonly identity?: string;
  /** The number that the author's device has given it, and what that device promises of its numbers. */
  readonly counter?: number;
  readonly numbered?: NonNullable<Envelope['numbered']>;
  /** Who has shown it, where that is not its author. */
  readonly by?: UserId;
}

const HOW = { 'cross-signed': 'signed', imported: 'backup', 'shown-by': 'shown' } as const;

/** @param identity the master key that was kept with the session; undefined: none was */
export function knownFrom(
  proof: Proof,
  { time, first, counter, numbered }: Envelope,
  identity: string | undefined,
  opened: number,
): Known {
  return {
    how: HOW[proof.how],
    written: first?.time ?? time,
    opened,
    counter,
    ...(numbered && { numbered }),
    ...(identity !== undefined && proof.how !== 'shown-by' && { identity }),
    ...(proof.how === 'shown-by' && { by: proof.userId }),
  };
}
