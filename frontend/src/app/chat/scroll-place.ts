import { firstBelow } from '../look/in-view';

/** Nearer to its end than this, a list stays at its end while it grows, px. */
const NEAR_END = 80;
/** How long the way to the end takes, and how much of it is drawn: all above is passed at once; ms, heights of the box. */
const GLIDE_MS = 250;
const GLIDE_HEIGHTS = 1.5;
/** What stays above the first message that was not seen: the lines that belong to it, px. */
const ABOVE_UNSEEN = 56;
/** What a person does to scroll by themselves. */
const BY_HAND = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/**
 * The one writer of the place a list is scrolled to. It keeps what a person looks at where it is while the list changes
 * above, below or inside: `changed` before the change, `restore` after it. It holds on to messages, because the other rows
 * (days, the line of what is new) move when more is loaded. (The browsers' own scroll anchoring does nothing at the very
 * top, and is missing in Safari.)
 */
export class ScrollPlace {
  readonly #box: HTMLElement;
  #anchors: readonly { readonly key: string; readonly top: number }[] = [];
  /** How far the end was away, px. */
  #wasLeft = 0;
  #noted = '';
  /** Where the box was scrolled to, px. */
  #was = 0;
  #frame: number | null = null;

  constructor(box: HTMLElement) {
    this.#box = box;
    for (const event of BY_HAND) box.addEventListener(event, () => this.stop(), { passive: true });
  }

  /** Whether the newest is in sight, or about to be. */
  isAtEnd(): boolean {
    return this.#frame !== null || this.#left() < NEAR_END;
  }

  note(): void {
    this.#wasLeft = this.#left();
    const { top, bottom } = this.#box.getBoundingClientRect();
    const messages = this.messages();
    const first = firstBelow(messages, top);
    const inView = messages.slice(first).filter(row => topOf(row) < bottom);
    // Where only other rows are in view, the nearest message is as good.
    const held = inView.length > 0 ? inView : messages.slice(first - 1).slice(0, 1);
    const anchors = held.map(row => ({ key: row.dataset['key'] ?? '', top: topOf(row) }));
    // The lines of a message that begins above the view may be broken at other places: one that begins in the view is held.
    this.#anchors = [...anchors.filter(anchor => anchor.top >= top), ...anchors.filter(anchor => anchor.top < top)];
    this.#noted = this.#size();
    this.#was = this.#box.scrollTop;
  }

  /**
   * After a scroll or a change of size of box or content: keeps what is in view in its place, and notes what is in view. A
   * scroll event may come after a change of size in the same frame; the distance that was scrolled is kept.
   */
  changed(isUnseen: (key: string) => boolean): void {
    if (this.#size() === this.#noted) return this.note();
    // At the end the browser lowers scrollTop when the content shrinks: that is no scroll by a person.
    const scrolled = this.#left() < 1 ? 0 : this.#box.scrollTop - this.#was;
    this.#anchors = this.#anchors.map(({ key, top }) => ({ key, top: top - scrolled }));
    this.restore(isUnseen);
  }

  /**
   * After a change. A list that was at its end follows it where it has grown, as far as no message leaves the view unseen.
   * @param isUnseen whether nobody has seen the message with this key
   */
  restore(isUnseen: (key: string) => boolean): void {
    this.#hold();
    const isFollowing = this.#wasLeft < NEAR_END && this.#left() > this.#wasLeft;
    // The way to the end goes on by itself.
    if (isFollowing && this.#frame === null) this.#settle(isUnseen);
    this.note();
  }

  /** Shows the end at once. */
  toEnd(): void {
    this.stop();
    this.#box.scrollTop = this.#box.scrollHeight;
    this.note();
  }

  /** Shows the end after a short way, wherever it is by then. */
  glideToEnd(): void {
    if (document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches) return this.toEnd();
    this.stop();
    const most = this.#box.clientHeight * GLIDE_HEIGHTS;
    if (this.#left() > most) this.#box.scrollTop += this.#left() - most;
    const start = performance.now();
    let rest = 1;
    const step = (): void => {
      const done = Math.min(1, (performance.now() - start) / GLIDE_MS);
      const before = rest;
      rest = (1 - done) ** 3;
      if (done === 1) return this.toEnd();
      this.#box.scrollTop += this.#left() * (1 - rest / before);
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** Ends the way to the end where it is. */
  stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  /** Brings a row under the upper edge, with some of what is before it. */
  show(key: string): boolean {
    const row = this.#rows().find(row => row.dataset['key'] === key);
    if (!row) return false;
    const { top } = this.#box.getBoundingClientRect();
    this.#box.scrollTop += row.getBoundingClientRect().top - top - this.#box.clientHeight / 3;
    this.note();
    return true;
  }

  /** The messages, as they stand below each other. */
  messages(): HTMLElement[] {
    return [...this.#box.querySelectorAll<HTMLElement>('parley-bubble')];
  }

  #hold(): void {
    const rows = new Map(this.messages().map(row => [row.dataset['key'], row]));
    const anchor = this.#anchors.find(({ key }) => rows.has(key));
    const row = anchor && rows.get(anchor.key);
    if (!row) return;
    const moved = topOf(row) - anchor.top;
    if (moved !== 0) this.#box.scrollTop += moved;
  }

  #settle(isUnseen: (key: string) => boolean): void {
    const { top } = this.#box.getBoundingClientRect();
    const messages = this.messages();
    const below = messages.slice(firstBelow(messages, top));
    const unseen = below.find(row => topOf(row) >= top && isUnseen(row.dataset['key'] ?? ''));
    const room = unseen ? topOf(unseen) - top - ABOVE_UNSEEN : Infinity;
    this.#box.scrollTop += Math.max(0, Math.min(this.#left(), room));
  }

  /** How far the end is away, px. */
  #left(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight;
  }

  #size(): string {
    const { clientWidth, clientHeight, scrollHeight } = this.#box;
    return `${clientWidth} ${clientHeight} ${scrollHeight}`;
  }

  #rows(): HTMLElement[] {
    return [...this.#box.querySelectorAll<HTMLElement>('[data-key]')];
  }
}

/** Where what a row says begins: the space above it changes with its neighbours. */
const topOf = (row: HTMLElement): number => (row.firstElementChild ?? row).getBoundingClientRect().top;
