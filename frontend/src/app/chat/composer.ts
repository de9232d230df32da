import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  input,
  model,
  output,
  signal,
  viewChild,
} from '@angular/core';
import send from 'lucide-static/icons/send-horizontal.svg';
import smile from 'lucide-static/icons/smile.svg';
import { isBlank } from '#protocol/hidden';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { excessOf, fittingPart } from './composer-room';
import { EmojiPicker } from './emoji-picker';

/** What comes at once and is longer than this was pasted, dropped or dictated, not typed; UTF-16 code units. */
const BULK = 1_000;
/**
 * Safari ends a composition before it says the Enter that ended it (https://webkit.org/b/165004), a few ms apart. Nobody
 * presses Enter twice so fast.
 */
const AFTER_COMPOSITION_MS = 100;
/** The key code of what an input method takes for itself (UI Events, 7.3.1). */
const OF_INPUT_METHOD = 229;

/** Whether a mouse or a trackpad is the first way to point: then there is a keyboard, and taking the focus opens none. */
export const hasFinePointer = (): boolean => matchMedia('(hover: hover) and (pointer: fine)').matches;

/**
 * Where a message is written: grows with its text, Enter sends where there is a keyboard, Shift+Enter begins a line.
 */
@Component({
  selector: 'parley-composer',
  imports: [EmojiPicker, Icon],
  template: `
    @defer (when board()) {
      @if (board()) {
        <parley-emoji-picker (picked)="insert($event)" (closed)="close()" />
      }
    }
    <form (submit)="submit($event)">
      <div class="box">
        <textarea
          #field
          rows="1"
          dir="auto"
          enterkeyhint="enter"
          autocapitalize="sentences"
          [attr.aria-label]="t('chat.message')"
          [attr.aria-invalid]="excess() > 0"
          [attr.data-focus]="enterSends() ? '' : null"
          [placeholder]="t('chat.message')"
          [value]="text()"
          (input)="input(field)"
          (paste)="paste($event)"
          (keydown.enter)="enter($event)"
          (compositionend)="composedAt = $event.timeStamp"
          (focus)="focused.emit()"
        ></textarea>
        <button
          type="button"
          class="icon-button"
          [attr.aria-label]="t('chat.emoji')"
          [attr.aria-expanded]="board()"
          (click)="toggle()"
        >
          <parley-icon [svg]="smile" />
        </button>
      </div>
      <button type="submit" class="icon-button primary" [attr.aria-label]="t('chat.send')" [disabled]="!canSend()">
        <parley-icon [svg]="send" />
      </button>
    </form>
    <div role="status">
      @if (note(); as words) {
        <p class="note">{{ words }}</p>
      }
      @if (excess() > 0) {
        <p class="note bad">{{ count('chat.tooLong', excess()) }}</p>
      }
    </div>
  `,
  styleUrl: './composer.css',
})
export class Composer {
  /** What is typed: the draft. */
  readonly text = model('');
  /** Whether Enter sends, and the field takes the focus: not on a phone, whose keyboard has a key for new lines only. */
  readonly enterSends = input(hasFinePointer());
  /** What a person should know about what stands there; '' for nothing. */
  readonly warning = input('');
  /** A message, trimmed and neither empty nor too long. */
  readonly sent = output<string>();
  readonly typed = output();
  readonly focused = output();
  /** So many files were pasted, which cannot be sent. */
  readonly filesPasted = output<number>();

  protected readonly t = inject(Words).t;
  protected readonly count = inject(Words).count;
  protected readonly smile = smile;
  protected readonly send = send;
  protected readonly board = signal(false);
  protected readonly excess = computed(() => excessOf(this.text()));
  /** So many characters of what was inserted did not fit. */
  readonly #leftOut = signal(0);
  protected readonly note = computed(() =>
    this.#leftOut() > 0 ? this.count('chat.pasteCut', this.#leftOut()) : this.warning(),
  );
  protected composedAt = -Infinity;
  protected readonly canSend = computed(() => !isBlank(this.text()) && this.excess() === 0);
  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');
  readonly #injector = inject(Injector);

  constructor() {
    // CSS field-sizing does it where it is known; Firefox does not know it yet.
    if (CSS.supports('field-sizing', 'content')) return;
    afterRenderEffect(() => {
      this.text();
      const field = this.field().nativeElement;
      field.style.height = 'auto';
      field.style.height = `${field.scrollHeight}px`;
    });
  }

  focus(): void {
    this.field().nativeElement.focus();
  }

  /** Takes the focus as a page does that has just been opened: not from a field or a dialog. */
  focusFirst(): void {
    const { activeElement } = document;
    if (activeElement?.matches('input, textarea, :modal *')) return;
    this.field().nativeElement.focus({ preventScroll: true });
  }

  protected submit(event: Event): void {
    event.preventDefault();
    if (!this.canSend()) return;
    this.sent.emit(this.text().trim());
    this.text.set('');
    this.#leftOut.set(0);
    this.board.set(false);
    this.focus();
  }

  protected enter(event: Event): void {
    if (!(event instanceof KeyboardEvent)) return;
    // An input method uses Enter to choose a word.
    if (!this.enterSends() || event.shiftKey || event.isComposing || event.keyCode === OF_INPUT_METHOD) return;
    const endsComposition = event.timeStamp - this.composedAt < AFTER_COMPOSITION_MS;
    this.composedAt = -Infinity;
    if (endsComposition) event.preventDefault();
    else this.submit(event);
  }

  protected toggle(): void {
    this.board.update(open => !open);
  }

  protected close(): void {
    this.board.set(false);
    this.focus();
  }

  protected insert(sign: string): void {
    this.#insert(sign);
    this.typed.emit();
  }

  protected input(field: HTMLTextAreaElement): void {
    const grown = field.value.length - this.text().length;
    this.#leftOut.set(0);
    if (grown > BULK && excessOf(field.value) > 0) this.#cut(field, grown);
    this.text.set(field.value);
    this.typed.emit();
  }

  /** Takes of a paste what fits, before the browser lays out more: a field of a million characters answers no key. */
  paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const files = event.clipboardData?.files.length ?? 0;
    // A copied cell or sentence comes with a picture of itself.
    if (text === '' && files > 0) {
      event.preventDefault();
      return this.filesPasted.emit(files);
    }
    const field = this.field().nativeElement;
    const { value, selectionStart, selectionEnd } = field;
    const fitting = fittingPart(value.slice(0, selectionStart) + value.slice(selectionEnd), text);
    const isHere = event.target === field;
    if (isHere && fitting.length === text.length) return;
    event.preventDefault();
    if (!isHere) this.focus();
    // The one way to insert that the browser can undo; where it refuses, without that.
    if (fitting !== '' && !document.execCommand('insertText', false, fitting)) this.#insert(fitting);
    this.#leftOut.set(text.length - fitting.length);
    this.typed.emit();
  }

  /** What came by another way than pasting is cut behind it: it ends where the caret stands. */
  #cut(field: HTMLTextAreaElement, grown: number): void {
    const { value, selectionEnd } = field;
    const from = Math.max(0, selectionEnd - grown);
    const inserted = value.slice(from, selectionEnd);
    const fitting = fittingPart(value.slice(0, from) + value.slice(selectionEnd), inserted);
    field.setRangeText(fitting, from, selectionEnd, 'end');
    this.#leftOut.set(inserted.length - fitting.length);
  }

  #insert(words: string): void {
    const field = this.field().nativeElement;
    const { selectionStart, selectionEnd, value } = field;
    this.text.set(value.slice(0, selectionStart) + words + value.slice(selectionEnd));
    const caret = selectionStart + words.length;
    this.#onceDrawn(() => field.setSelectionRange(caret, caret));
  }

  #onceDrawn(then: () => void): void {
    afterNextRender(then, { injector: this.#injector });
  }
}
