/** Nearer to its end than this, a list stays at its end while it grows, px. */
const NEAR_END = 80;

/**
 * Keeps what a person looks at where it is while a list changes above, below or inside. `note` before the change,
 * `restore` after it. (The browsers' own scroll anchoring does nothing at the very top, and is missing in Safari.)
 */
export class ScrollPlace {
  readonly #box: HTMLElement;
  #anchor: { key: string; top: number } | null = null;
  #atEnd = true;

  constructor(box: HTMLElement) {
    this.#box = box;
  }

  /** Whether the newest is in sight. */
  isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  note(): void {
    this.#atEnd = this.isAtEnd();
    const first = this.#rows().find(row => row.getBoundingClientRect().bottom > this.#top());
    const key = first?.dataset['key'];
    this.#anchor = first && key !== undefined ? { key, top: first.getBoundingClientRect().top } : null;
  }

  restore(): void {
    if (this.#atEnd) return this.toEnd();
    const anchor = this.#anchor;
    const row = anchor && this.row(anchor.key);
    if (row) this.#box.scrollTop += row.getBoundingClientRect().top - anchor.top;
  }

  toEnd(smooth = false): void {
    this.#box.scrollTo({ top: this.#box.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    this.#atEnd = true;
  }

  /** Brings a row under the upper edge, with some of what is before it. */
  show(key: string): boolean {
    const row = this.row(key);
    if (!row) return false;
    const third = this.#box.clientHeight / 3;
    this.#box.scrollTop += row.getBoundingClientRect().top - this.#top() - third;
    this.#atEnd = false;
    return true;
  }

  row(key: string): HTMLElement | undefined {
    return this.#rows().find(row => row.dataset['key'] === key);
  }

  /** The highest seq whose row has come into sight; 0 where none has. */
  lastSeen(): number {
    const bottom = this.#box.getBoundingClientRect().bottom;
    const seen = this.#rows().findLast(row => row.dataset['seq'] && row.getBoundingClientRect().top < bottom - 8);
    return Number(seen?.dataset['seq'] ?? 0);
  }

  #top(): number {
    return this.#box.getBoundingClientRect().top;
  }

  #rows(): HTMLElement[] {
    return [...this.#box.querySelectorAll<HTMLElement>('[data-key]')];
  }
}
