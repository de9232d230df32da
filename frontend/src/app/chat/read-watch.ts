import { isUncovered, rowsInView } from '../look/in-view';
import {
  between,
  dueIn,
  looked,
  LOOKED_AWAY,
  NOTHING_READ,
  passed,
  readUpTo,
  type Place,
  type Reading,
} from './reading';

export interface ReadWatchNeeds {
  /** The box that scrolls. */
  readonly box: HTMLElement;
  /** How long something must be in view to be seen, ms. */
  readonly seenAfter: number;
  /** Time to look again. */
  look(): void;
  /** Everything up to this seq is read. */
  read(seq: number): void;
  /** The rows with these keys were seen: calls, and messages without a place. */
  sawNew(keys: readonly string[]): void;
}

/** Watches what is read of a list: the shell around `Reading`, with a page that can be hidden or covered. */
export class ReadWatch {
  readonly #needs: ReadWatchNeeds;
  #reading: Reading = NOTHING_READ;
  #viewed: readonly Place[] = [];
  /** Since when each new row without a place is in view, ms. */
  #new: ReadonlyMap<string, number> = new Map();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: ReadWatchNeeds) {
    this.#needs = needs;
  }

  /** Everything up to here is read. */
  get mark(): number {
    return this.#reading.mark;
  }

  /** Whether the message at this place has been in view long enough, or needs no reading. */
  hasSeen(seq: number): boolean {
    return seq <= this.mark || this.#reading.seen.has(seq);
  }

  /** A person who goes to the newest message does not read those before it: they count as read. */
  passed(seq: number): void {
    this.#reading = passed(this.#reading, seq);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /**
   * @param drawn what is drawn, ascending
   * @param known up to here nothing is unread
   */
  look(drawn: readonly Place[], known: number): void {
    this.stop();
    const before = Math.max(this.mark, known);
    this.#reading = readUpTo(this.#reading, known);
    const at = performance.now();
    const dues =
      document.visibilityState === 'visible' ? [this.#lookAtMessages(drawn, at), this.#lookAtNew(at)] : this.#away(at);
    const due = Math.min(...dues);
    if (due < Infinity) this.#timer = setTimeout(() => this.#needs.look(), due);
    if (this.mark > before) this.#needs.read(this.mark);
  }

  #away(at: number): readonly number[] {
    this.#reading = looked(this.#reading, { at, seenAfter: this.#needs.seenAfter, ...LOOKED_AWAY });
    this.#new = new Map();
    return [Infinity];
  }

  /** @returns in how many ms to look again; Infinity: when something changes */
  #lookAtMessages(drawn: readonly Place[], at: number): number {
    const { box, seenAfter } = this.#needs;
    const places = new Map(drawn.map(one => [one.seq, one] as const));
    const rows = rowsInView(box, [...box.querySelectorAll<HTMLElement>('parley-bubble[data-seq]')]);
    const isOpen = (row: HTMLElement): boolean => Number(row.dataset['seq']) <= this.mark || isUncovered(box, row);
    const open = rows.filter(isOpen);
    const inView = open.flatMap(row => places.get(Number(row.dataset['seq'])) ?? []);
    const across = between(drawn, this.#viewed, inView);
    if (inView.length > 0) this.#viewed = inView;
    this.#reading = looked(this.#reading, { at, inView, across, seenAfter });
    const due = dueIn(this.#reading, at, seenAfter) ?? Infinity;
    // What covers a message does not say when it goes.
    return open.length < rows.length ? Math.min(due, seenAfter) : due;
  }

  #lookAtNew(at: number): number {
    const { box, seenAfter } = this.#needs;
    const lines = [...box.querySelectorAll<HTMLElement>('[data-new]')];
    if (lines.length === 0) return Infinity;
    const keys = rowsInView(box, lines)
      .filter(line => isUncovered(box, line))
      .map(({ dataset }) => dataset['key'] ?? '');
    this.#new = new Map(keys.map(key => [key, this.#new.get(key) ?? at]));
    const seen = [...this.#new].filter(([, since]) => at - since >= seenAfter).map(([key]) => key);
    if (seen.length > 0) this.#needs.sawNew(seen);
    return keys.length > seen.length || keys.length < lines.length ? seenAfter : Infinity;
  }
}
