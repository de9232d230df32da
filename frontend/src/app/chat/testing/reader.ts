import { type ComponentFixture } from '@angular/core/testing';
import { type ConversationPage } from '../conversation-page';

/** Nearer to its end than this, a list may go on to it, px. */
const NEAR_END = 80;

interface Sighting {
  readonly top: number;
  /** When it was last known not to be in view, ms. */
  readonly since: number;
}

/**
 * Somebody who reads a conversation in a real browser, and remembers what a person could have seen: which messages were in
 * view, for how long at most, and whether any of them moved by itself.
 */
export class Reader {
  readonly #fixture: ComponentFixture<ConversationPage>;
  readonly #seenAfter: number;
  /** Seqs that were shown at all, or scrolled across. */
  readonly shown: Set<number>;
  /** What went wrong. */
  readonly faults: string[] = [];
  isAway = false;
  readonly #story: string[] = [];
  readonly #longSeen: Set<number>;
  #view = new Map<number, Sighting>();
  #tops = new Map<number, number>();
  #lastView: readonly number[] = [];
  #sampledAt = performance.now();
  #left = 0;
  #size = '';
  #allowsMoves = true;

  /** @param before who read the same conversation on this device before: what was seen then was seen */
  constructor(fixture: ComponentFixture<ConversationPage>, seenAfter: number, before?: Reader) {
    this.#fixture = fixture;
    this.#seenAfter = seenAfter;
    this.shown = new Set(before?.shown);
    this.#longSeen = new Set(before ? before.#longSeen : []);
  }

  get host(): HTMLElement {
    return this.#fixture.nativeElement as HTMLElement;
  }
  get box(): HTMLElement | null {
    return this.host.querySelector('parley-message-list .box');
  }
  get jump(): HTMLElement | null {
    return this.host.querySelector('parley-message-list .jump');
  }
  /** The newest message is drawn, and there is nothing below it. */
  get isAtEnd(): boolean {
    const { box } = this;
    return box !== null && this.jump === null && box.scrollHeight - box.scrollTop - box.clientHeight < 2;
  }
  get drawn(): number {
    return this.host.querySelectorAll('parley-bubble').length;
  }

  /** Says what happens now, for whoever reads of a fault. */
  note(what: string): void {
    this.#story.push(what.replace(/\s+/g, ' '));
  }

  /** Does something after which what is in view may be another place. */
  byHand(act: () => void): void {
    this.sample();
    act();
    this.#allowsMoves = true;
    this.sample();
  }

  /** Whatever has moved by now was asked to. */
  allow(): void {
    this.#allowsMoves = true;
    this.sample();
  }

  /** Looks at the page as it is now. */
  sample(): void {
    const box = this.box;
    const at = performance.now();
    if (box) this.#look(box);
    this.#sampledAt = at;
  }

  #look(box: HTMLElement): void {
    const frame = box.getBoundingClientRect();
    const rows = [...box.querySelectorAll<HTMLElement>('parley-bubble[data-seq]')];
    const tops = new Map<number, number>();
    const view = new Map<number, Sighting>();
    for (const row of rows) {
      const rect = row.getBoundingClientRect();
      const seq = Number(row.dataset['seq']);
      const top = (row.firstElementChild ?? row).getBoundingClientRect().top;
      if (rect.bottom > frame.top && rect.top < frame.bottom) tops.set(seq, top);
      const visible = Math.min(rect.bottom, frame.bottom) - Math.max(rect.top, frame.top);
      // A pixel more than what counts: two who measure may differ by that.
      if (visible + 1 < Math.min(rect.height, frame.height) / 2 || this.isAway) continue;
      view.set(seq, { top, since: this.#view.get(seq)?.since ?? this.#sampledAt });
    }
    this.#judgeMoves(box, frame, tops);
    const now = [...view.keys()];
    if (now.length > 0) this.#show(rows, now);
    // What has left the view since may have been in it until now.
    this.remember();
    this.#view = view;
    this.#tops = tops;
  }

  #judgeMoves(box: HTMLElement, frame: DOMRect, tops: ReadonlyMap<number, number>): void {
    const left = box.scrollHeight - box.scrollTop - box.clientHeight;
    const size = `${Math.round(frame.width)}×${Math.round(frame.height)}`;
    const both = [...this.#tops.keys()].filter(seq => tops.has(seq));
    // What begins above the view may have its lines broken anew.
    const first = both.find(seq => (this.#tops.get(seq) ?? 0) >= frame.top) ?? both[0];
    const gone = this.#tops.size > 0 && first === undefined;
    const moved = first === undefined ? 0 : (tops.get(first) ?? 0) - (this.#tops.get(first) ?? 0);
    const isResized = size !== this.#size;
    const follows = this.#left < NEAR_END && (moved < 0 || left < NEAR_END || isResized || gone);
    // At either end there is nothing to scroll any more.
    const isCut = isResized && (left <= 1 || box.scrollTop <= 1);
    if (!this.#allowsMoves && !follows && !isCut && (Math.abs(moved) > 2 || gone)) {
      const what = gone ? 'everything in view was replaced' : `${first} moved by ${moved} px`;
      const rows = [this.#tops, tops].map(one => [...one].map(([seq, top]) => `${seq}@${Math.round(top)}`).join(' '));
      const ends = `${Math.round(this.#left)} → ${Math.round(left)} px from the end, ${this.#size} → ${size}`;
      this.faults.push(`${what}: ${rows.join(' → ')}, ${ends}; ${this.#story.slice(-4).join('; ')}`);
    }
    this.#left = left;
    this.#size = size;
    this.#allowsMoves = false;
  }

  #show(rows: readonly HTMLElement[], now: readonly number[]): void {
    now.forEach(seq => this.shown.add(seq));
    const [first, last] = [this.#lastView[0], this.#lastView.at(-1)];
    const [from, to] = [now[0], now.at(-1)];
    for (const row of rows) {
      const seq = Number(row.dataset['seq']);
      if (first === undefined || last === undefined || from === undefined || to === undefined) break;
      if ((seq > last && seq < from) || (seq < first && seq > to)) this.shown.add(seq);
    }
    this.#lastView = now;
  }

  /** The server was told that everything up to `seq` is read. */
  judgeMark(seq: number): void {
    this.sample();
    const sighting = this.#view.get(seq);
    const ms = sighting ? performance.now() - sighting.since : 0;
    // It may have been seen before, and waited for those above it.
    if (!this.#longSeen.has(seq) && ms < this.#seenAfter) {
      this.faults.push(`${seq} is marked read after ${Math.round(ms)} ms in view`);
    }
  }

  /** Notes what has been in view long enough by now. */
  remember(): void {
    const at = performance.now();
    for (const [seq, { since }] of this.#view) if (at - since >= this.#seenAfter) this.#longSeen.add(seq);
  }
}
