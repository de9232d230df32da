import { createHash } from 'node:crypto';
import type { Kept } from '../store/transfer.ts';

/** How many there are of each kind, and what they are, whatever their order. */
export type Census = ReadonlyMap<Kept['kind'], { count: number; sum: bigint }>;

const MODULUS = 1n << 256n;

/** Counts what passes through, and adds up hashes of it: sums are the same in any order. */
export class Counting {
  readonly #kinds = new Map<Kept['kind'], { count: number; sum: bigint }>();
  #conversation = '';

  /** @param entry as `readEntry` has it, so that the same one is always written the same */
  add(entry: Kept): void {
    if (entry.kind === 'pair') this.#conversation = entry.id;
    // A message is known by where it stands.
    const place = entry.kind === 'message' ? this.#conversation : '';
    const hash = createHash('sha256').update(place).update(JSON.stringify(entry)).digest('hex');
    const { count, sum } = this.#kinds.get(entry.kind) ?? { count: 0, sum: 0n };
    this.#kinds.set(entry.kind, { count: count + 1, sum: (sum + BigInt(`0x${hash}`)) % MODULUS });
  }

  get census(): Census {
    return this.#kinds;
  }
}

/** Kinds of which one has others than the other. */
export function differences(one: Census, other: Census): Kept['kind'][] {
  const kinds = new Set([...one.keys(), ...other.keys()]);
  return [...kinds].filter(kind => {
    const [a, b] = [one.get(kind), other.get(kind)];
    return a?.count !== b?.count || a?.sum !== b?.sum;
  });
}

const NAMES: readonly [Kept['kind'], string][] = [
  ['user', 'accounts'],
  ['device', 'devices'],
  ['pair', 'pairs of people'],
  ['message', 'messages'],
  ['call', 'calls'],
];

/** "3 accounts, 4 devices, 2 pairs of people, 100 messages, 1 calls" */
export const inWords = (census: Census): string =>
  NAMES.map(([kind, name]) => `${census.get(kind)?.count ?? 0} ${name}`).join(', ');
