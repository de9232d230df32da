/** One socket: texts on their way in both directions. A socket that dies takes them with it. */
export interface Wire {
  readonly up: string[];
  readonly down: string[];
}

/** Random numbers that a seed repeats (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 to 1, without 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  chance(of: number): boolean {
    return this.roll() < of;
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.roll() * from.length)];
  }
}

/** Ids as the schemas want them, told apart by a letter and a number: `c3`, `s12`. */
export function uuid(name: string): string {
  const kind = (name.codePointAt(0) ?? 0).toString(16).padStart(8, '0');
  return `${kind}-0000-4000-8000-${name.slice(1).padStart(12, '0')}`;
}
