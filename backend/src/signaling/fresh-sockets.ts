import { Counts } from '../counts.ts';

/** Most sockets of one address whose hello has not been answered; a family, a school, a proxy are one address. */
export const FRESH_SOCKETS = 200;
/** Most of all addresses together: what the machine itself can bear. */
export const FRESH_SOCKETS_IN_ALL = 2_000;

/** The sockets that have not said who they are, counted by address, so that no address can shut the others out. */
export class FreshSockets<Line> {
  readonly #lines = new Map<Line, { readonly since: number; readonly from: string }>();
  readonly #counts = new Counts();

  isFull(from: string): boolean {
    return this.#lines.size >= FRESH_SOCKETS_IN_ALL || this.#counts.of(from) >= FRESH_SOCKETS;
  }

  /** @param since ms */
  add(line: Line, from: string, since: number): void {
    this.#lines.set(line, { since, from });
    this.#counts.add(from);
  }

  /** It has said who it is, or has gone. */
  delete(line: Line): void {
    const known = this.#lines.get(line);
    if (!known) return;
    this.#lines.delete(line);
    this.#counts.remove(known.from);
  }

  /** Those that came before `until`, ms. */
  olderThan(until: number): Line[] {
    return [...this.#lines].filter(([, { since }]) => since <= until).map(([line]) => line);
  }
}
