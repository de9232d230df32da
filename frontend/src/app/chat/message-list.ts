import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  DestroyRef,
  type ElementRef,
  inject,
  input,
  output,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { fromEvent, merge, tap } from 'rxjs';
import { type CallEntry } from '#protocol/api/calls';
import { type MessageId } from '#protocol/ids';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { SEEN_AFTER } from '../look/seen';
import { Bubble } from './bubble';
import { CallLine } from './call-line';
import { type Place } from './reading';
import { NoteLine } from './note-line';
import { ReadWatch } from './read-watch';
import { ScrollPlace } from './scroll-place';
import { type MessageRow, type Row } from './timeline';
import { TypingBubble } from './typing-bubble';

/** So near to an end of what is loaded, more is loaded, px. */
const MORE_WITHIN = 800;

/** The rows of a conversation in a box that scrolls, keeps its place while it grows, and tells what was seen. */
@Component({
  selector: 'parley-message-list',
  imports: [Bubble, CallLine, Icon, NoteLine, TypingBubble],
  templateUrl: './message-list.html',
  styleUrl: './message-list.css',
})
export class MessageList {
  readonly rows = input.required<readonly Row[]>();
  readonly name = input.required<string>();
  readonly typing = input(false);
  readonly canCall = input(false);
  readonly atStart = input(true);
  readonly atEnd = input(true);
  readonly unread = input(0);
  /** Nothing up to this seq is unread. */
  readonly readUpTo = input(0);
  /** The row to open at; '' for the end. */
  readonly openAt = input('');

  readonly wantsOlder = output();
  readonly wantsNewer = output();
  readonly wantsEnd = output();
  /** Messages up to this seq have been read here (`Reading`). */
  readonly seen = output<number>();
  /** The lines of these calls have been in view as long as a message that was read. */
  readonly sawCalls = output<readonly CallEntry[]>();
  /** The same of messages that the other device has handed over, and that have no place. */
  readonly sawCopies = output<readonly MessageId[]>();
  readonly retry = output<MessageId>();
  readonly remove = output<MessageId>();
  readonly call = output<CallEntry>();
  /** Somebody asks for the details of a message. */
  readonly about = output<MessageRow>();

  protected readonly t = inject(Words).t;
  protected readonly count = inject(Words).count;
  protected readonly dates = inject(Dates);
  protected readonly chevronDown = chevronDown;
  protected readonly isAway = signal(false);
  /** What the template draws. It is read before anything of it is drawn: the moment to note what is in sight. */
  protected readonly drawing = computed(() => {
    const drawing = { rows: this.rows(), typing: this.typing() && this.atEnd(), atStart: this.atStart() };
    this.#place?.changed(this.#isUnseen);
    return drawing;
  });
  protected readonly newest = computed(
    () => this.rows().findLast(row => row.kind === 'message' && row.seq && row.content)?.key,
  );
  protected readonly showsJump = computed(() => this.isAway() || !this.atEnd());
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  readonly #destroyed = inject(DestroyRef);
  /** The messages that have a place, ascending. */
  readonly #places = computed(() =>
    this.rows().flatMap((row): Place[] =>
      row.kind === 'message' && row.seq !== null && row.from !== null ? [{ from: row.from, seq: row.seq }] : [],
    ),
  );
  readonly #seenAfter = inject(SEEN_AFTER);
  #place: ScrollPlace | undefined;
  #watch: ReadWatch | undefined;
  /** Keys of messages of others, with their seqs. */
  readonly #others = computed(
    () =>
      new Map(
        this.rows().flatMap(row => (row.kind === 'message' && !row.own ? [[row.key, row.seq ?? 0] as const] : [])),
      ),
  );
  readonly #isUnseen = (key: string): boolean => this.#watch?.hasSeen(this.#others().get(key) ?? 0) === false;
  #hasOpened = false;
  #goesToEnd = false;

  constructor() {
    afterRenderEffect(() => {
      if (this.drawing().rows.length > 0) untracked(() => this.#drawn());
    });
    afterNextRender(() => this.#follow());
    this.#destroyed.onDestroy(() => {
      this.#watch?.stop();
      this.#place?.stop();
    });
  }

  /** Shows the newest message, also one that is only about to be drawn. */
  toEnd(): void {
    this.#goesToEnd = true;
    this.wantsEnd.emit();
  }

  protected jump(): void {
    if (!this.atEnd()) return this.toEnd();
    this.#passAll();
    this.#place?.glideToEnd();
  }

  /** From the time of one message to that of the next. */
  protected walk(event: KeyboardEvent): void {
    const times = [...this.box().nativeElement.querySelectorAll<HTMLElement>('.about')];
    const at = times.indexOf(event.target as HTMLElement);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    times[at + step]?.focus();
  }

  #drawn(): void {
    const box = this.box().nativeElement;
    this.#place ??= new ScrollPlace(box);
    this.#watch ??= this.#watching(box);
    if (this.#goesToEnd && this.atEnd()) {
      this.#goesToEnd = false;
      this.#passAll();
      this.#place.toEnd();
    } else if (this.#hasOpened) this.#place.restore(this.#isUnseen);
    else if (!this.openAt() || !this.#place.show(this.openAt())) this.#place.toEnd();
    this.#hasOpened = true;
    this.#look();
  }

  #follow(): void {
    const box = this.box().nativeElement;
    const scrolls = fromEvent(box, 'scroll', { passive: true }).pipe(tap(() => this.#place?.changed(this.#isUnseen)));
    merge(scrolls, fromEvent(document, 'visibilitychange'))
      .pipe(takeUntilDestroyed(this.#destroyed))
      .subscribe(() => this.#look());
    // A keyboard that opens, a window that is turned, a picture that has its size now: all of it moves what is in view.
    const sizes = new ResizeObserver(() => {
      if (!this.#hasOpened || box.clientHeight === 0) return;
      this.#place?.changed(this.#isUnseen);
      this.#look();
    });
    sizes.observe(box);
    if (box.firstElementChild) sizes.observe(box.firstElementChild);
    this.#destroyed.onDestroy(() => sizes.disconnect());
  }

  #watching(box: HTMLElement): ReadWatch {
    return new ReadWatch({
      box,
      seenAfter: this.#seenAfter,
      look: () => this.#look(),
      read: seq => this.seen.emit(seq),
      sawNew: keys => this.#sawNew(this.rows().filter(({ key }) => keys.includes(key))),
    });
  }

  #sawNew(rows: readonly Row[]): void {
    const calls = rows.flatMap(row => (row.kind === 'call' ? row.entries : []));
    if (calls.length > 0) this.sawCalls.emit(calls);
    const copies = rows.flatMap(row => (row.kind === 'message' ? row.id : []));
    if (copies.length > 0) this.sawCopies.emit(copies);
  }

  /** What is in sight now: more is loaded near the ends, and what was seen is told. */
  #look(): void {
    const place = this.#place;
    if (!place || !this.#hasOpened) return;
    const { scrollTop, scrollHeight, clientHeight } = this.box().nativeElement;
    if (clientHeight === 0) return;
    if (scrollTop < MORE_WITHIN && !this.atStart()) this.wantsOlder.emit();
    if (scrollHeight - scrollTop - clientHeight < MORE_WITHIN && !this.atEnd()) this.wantsNewer.emit();
    this.isAway.set(!place.isAtEnd());
    this.#watch?.look(this.#places(), this.readUpTo());
  }

  /** A person who goes to the newest message does not read those before it: they count as read. */
  #passAll(): void {
    this.#watch?.passed(this.#places().at(-1)?.seq ?? 0);
  }
}
