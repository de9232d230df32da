import type { Known } from '../../../crypto/known.ts';
import type { Trust } from '../crypto/trust-of';

/** What is said of how one knows who wrote a message; each has its title and its sentence among the words. */
export type Fact =
  /** Of the person: compared, remembered, another identity than before, one that is not theirs any more. */
  | 'verified'
  | 'pinned'
  | 'changed'
  | 'earlier'
  /** Of an own message. */
  | 'here'
  | 'own'
  /** Of the device, by what its key came with. */
  | 'signed'
  | 'backup'
  | 'resent'
  /** Of who can read it. */
  | 'readers'
  | 'open'
  /** Nothing proves it. */
  | 'shown'
  | 'plain'
  | 'unrecorded'
  | 'unknown'
  | 'sealed';

/** What is known of the message, and of its author now. */
export interface Seen {
  readonly known: Known | undefined;
  readonly isSealed: boolean;
  /** From before encryption. */
  readonly isPlain: boolean;
  readonly isOwn: boolean;
  /** Of the other person; `none`: this device cannot say. */
  readonly trust: Trust;
  /** The master key that the author has now; null: this device cannot say. */
  readonly identity: string | null;
}

/** What can be said, the person first. Never more than was kept: what is compared today says nothing about an earlier identity. */
export function howKnown({ known, isSealed, isPlain, isOwn, trust, identity }: Seen): readonly Fact[] {
  if (isSealed) return ['sealed'];
  if (!known) return isPlain ? ['plain', 'open'] : ['unrecorded'];
  if (known.how === 'here') return ['here', 'readers'];
  if (known.how === 'shown') return ['shown', 'readers'];
  if (known.how === 'resent') return [known.how, 'readers'];
  return [personOf({ known, isOwn, trust, identity }), known.how, 'readers'];
}

const OF_TRUST = {
  verified: 'verified',
  pinned: 'pinned',
  changed: 'changed',
  'verified-changed': 'changed',
  none: 'unknown',
} as const satisfies Record<Trust, Fact>;

function personOf({ known, isOwn, trust, identity }: Omit<Seen, 'isSealed' | 'isPlain'>): Fact {
  if (known?.identity === undefined) return 'unrecorded';
  if (identity === null) return 'unknown';
  if (known.identity !== identity) return 'earlier';
  return isOwn ? 'own' : OF_TRUST[trust];
}

/** The other marks that a message may wear, which are explained below. */
export const otherMarks = (facts: readonly Fact[]) => MARKS.filter(mark => !facts.includes(mark));

const MARKS = ['verified', 'pinned', 'backup', 'resent', 'plain'] as const satisfies Fact[];
