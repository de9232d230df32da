import {
  afterNextRender,
  afterRenderEffect,
  ChangeDetectionStrategy,
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
import { fromEvent, merge, tap, throttleTime } from 'rxjs';
import { type CallEntry } from '#protocol/api/calls';
import { type MessageId } from '#protocol/ids';
import chevronDown from 'lucide-static/icons/chevron-down.svg';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Bubble } from './bubble';
import { CallLine } from './call-line';
import { ScrollPlace } from './scroll-place';
import { type Row } from './timeline';
import { TypingBubble } from './typing-bubble';

/** So near to an end of what is loaded, more is loaded, px. */
const MORE_WITHIN = 800;

/** The rows of a conversation in a box that scrolls, keeps its place while it grows, and tells what was seen. */
@Component({
  selector: 'parley-message-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Bubble, CallLine, Icon, TypingBubble],
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
  /** The row to open at; '' for the end. */
  readonly openAt = input('');

  readonly wantsOlder = output();
  readonly wantsNewer = output();
  readonly wantsEnd = output();
  /** Messages up to this seq are in sight on a visible page. */
  readonly seen = output<number>();
  readonly retry = output<MessageId>();
  readonly remove = output<MessageId>();
  readonly call = output<CallEntry>();

  protected readonly t = inject(Words).t;
  protected readonly count = inject(Words).count;
  protected readonly dates = inject(Dates);
  protected readonly chevronDown = chevronDown;
  protected readonly isAway = signal(false);
  /** What the template draws. It is read before anything of it is drawn: the moment to note what is in sight. */
  protected readonly drawing = computed(() => {
    const drawing = { rows: this.rows(), typing: this.typing() && this.atEnd(), atStart: this.atStart() };
    this.#place?.note();
    return drawing;
  });
  protected readonly showsJump = computed(() => this.isAway() || !this.atEnd());
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  readonly #destroyed = inject(DestroyRef);
  #place: ScrollPlace | undefined;
  #hasOpened = false;
  #goesToEnd = false;

  constructor() {
    afterRenderEffect(() => {
      if (this.drawing().rows.length > 0) untracked(() => this.#drawn());
    });
    afterNextRender(() => this.#watch());
  }

  /** Shows the newest message, also one that is only about to be drawn. */
  toEnd(): void {
    this.#goesToEnd = true;
    this.wantsEnd.emit();
  }

  protected jump(): void {
    if (this.atEnd()) this.#place?.toEnd(true);
    else this.toEnd();
  }

  #drawn(): void {
    this.#place ??= new ScrollPlace(this.box().nativeElement);
    if (this.#goesToEnd && this.atEnd()) {
      this.#goesToEnd = false;
      this.#place.toEnd();
    } else if (this.#hasOpened) this.#place.restore();
    else if (!this.openAt() || !this.#place.show(this.openAt())) this.#place.toEnd();
    this.#hasOpened = true;
    this.#look();
  }

  #watch(): void {
    const box = this.box().nativeElement;
    const scrolls = fromEvent(box, 'scroll', { passive: true }).pipe(
      tap(() => this.isAway.set(!this.#place?.isAtEnd())),
      throttleTime(80, undefined, { leading: true, trailing: true }),
    );
    merge(scrolls, fromEvent(document, 'visibilitychange'))
      .pipe(takeUntilDestroyed(this.#destroyed))
      .subscribe(() => this.#look());
    // A keyboard that opens, a window that is turned: who was at the end stays there.
    let height = box.clientHeight;
    const sizes = new ResizeObserver(() => {
      if (box.clientHeight === height) return;
      height = box.clientHeight;
      if (this.#hasOpened && !this.isAway()) this.#place?.toEnd();
    });
    sizes.observe(box);
    this.#destroyed.onDestroy(() => sizes.disconnect());
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
    const seq = document.visibilityState === 'visible' ? place.lastSeen() : 0;
    if (seq > 0) this.seen.emit(seq);
  }
}
