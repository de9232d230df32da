import {
  afterNextRender,
  afterRenderEffect,
  ChangeDetectionStrategy,
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
import { EmojiPicker } from './emoji-picker';

/** Most characters of one message. */
export const LONGEST = 16_000;

/**
 * Where a message is written: grows with its text, Enter sends where there is a keyboard, Shift+Enter begins a line.
 */
@Component({
  selector: 'parley-composer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EmojiPicker, Icon],
  template: `
    @if (board()) {
      <parley-emoji-picker (picked)="insert($event)" (closed)="close()" />
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
          [placeholder]="t('chat.message')"
          [value]="text()"
          (input)="text.set(field.value); typed.emit()"
          (keydown.enter)="enter($event)"
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
    @if (excess() > 0) {
      <p class="excess" role="status">{{ count('chat.tooLong', excess()) }}</p>
    }
  `,
  styleUrl: './composer.css',
})
export class Composer {
  /** What is typed: the draft. */
  readonly text = model('');
  /** Whether Enter sends: not on a phone, whose keyboard has a key for new lines only. */
  readonly enterSends = input(matchMedia('(hover: hover) and (pointer: fine)').matches);
  /** A message, trimmed and neither empty nor too long. */
  readonly sent = output<string>();
  readonly typed = output();
  readonly focused = output();

  protected readonly t = inject(Words).t;
  protected readonly count = inject(Words).count;
  protected readonly smile = smile;
  protected readonly send = send;
  protected readonly board = signal(false);
  protected readonly excess = computed(() => Math.max(0, this.text().trim().length - LONGEST));
  protected readonly canSend = computed(() => !isBlank(this.text()) && this.excess() === 0);
  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');
  private readonly picker = viewChild(EmojiPicker);
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

  protected submit(event: Event): void {
    event.preventDefault();
    if (!this.canSend()) return;
    this.sent.emit(this.text().trim());
    this.text.set('');
    this.board.set(false);
    this.focus();
  }

  protected enter(event: Event): void {
    if (!(event instanceof KeyboardEvent)) return;
    // An input method uses Enter to choose a word.
    if (!this.enterSends() || event.shiftKey || event.isComposing) return;
    this.submit(event);
  }

  protected toggle(): void {
    this.board.update(open => !open);
    if (this.board()) this.#onceDrawn(() => this.picker()?.focus());
  }

  protected close(): void {
    this.board.set(false);
    this.focus();
  }

  protected insert(sign: string): void {
    const field = this.field().nativeElement;
    const { selectionStart, selectionEnd, value } = field;
    this.text.set(value.slice(0, selectionStart) + sign + value.slice(selectionEnd));
    const caret = selectionStart + sign.length;
    this.#onceDrawn(() => field.setSelectionRange(caret, caret));
    this.typed.emit();
  }

  #onceDrawn(then: () => void): void {
    afterNextRender(then, { injector: this.#injector });
  }
}
