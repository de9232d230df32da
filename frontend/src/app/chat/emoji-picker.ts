import { afterNextRender, Component, type ElementRef, inject, output, viewChild } from '@angular/core';
import { Words } from '../../i18n/words';
import { openLayer } from '../look/layers';
import { EMOJI_GROUPS, type EmojiGroup, signsOf } from './emoji';

/** A small board of emoji in groups. One tab stop: arrows move over the board, Escape and Back close it. */
@Component({
  selector: 'parley-emoji-picker',
  host: { '(keydown)': 'move($event)' },
  template: `
    <div class="board" role="group" [attr.aria-label]="t('chat.emoji')" #board>
      @for (group of groups; track group.name; let firstGroup = $first) {
        <h3 [id]="'emoji-' + group.name">{{ nameOf(group.name) }}</h3>
        <div class="signs" role="group" [attr.aria-labelledby]="'emoji-' + group.name">
          @for (sign of group.all; track sign; let first = $first) {
            <button type="button" [tabIndex]="firstGroup && first ? 0 : -1" (click)="picked.emit(sign)">
              {{ sign }}
            </button>
          }
        </div>
      }
    </div>
  `,
  styleUrl: './emoji-picker.css',
})
export class EmojiPicker {
  readonly picked = output<string>();
  readonly closed = output();

  protected readonly t = inject(Words).t;
  protected readonly nameOf = (group: EmojiGroup): string => this.t(`chat.emojiGroup.${group}`);
  protected readonly groups = EMOJI_GROUPS.map(group => ({ name: group.name, all: signsOf(group) }));
  private readonly board = viewChild.required<ElementRef<HTMLElement>>('board');

  constructor() {
    openLayer(() => this.closed.emit());
    afterNextRender(() => this.#buttons()[0]?.focus());
  }

  protected move(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const here = buttons.findIndex(button => button === document.activeElement);
    const target = here < 0 ? undefined : buttons[this.#aim(event.key, buttons, here)];
    if (!target) return;
    event.preventDefault();
    buttons.forEach(button => (button.tabIndex = -1));
    target.tabIndex = 0;
    target.focus();
  }

  #aim(key: string, buttons: readonly HTMLElement[], here: number): number {
    const reversed = getComputedStyle(this.board().nativeElement).direction === 'rtl' ? -1 : 1;
    switch (key) {
      case 'ArrowRight':
        return here + reversed;
      case 'ArrowLeft':
        return here - reversed;
      case 'ArrowDown':
        return nextRow(buttons, here, 1);
      case 'ArrowUp':
        return nextRow(buttons, here, -1);
      case 'Home':
        return 0;
      case 'End':
        return buttons.length - 1;
      default:
        return -1;
    }
  }

  #buttons(): HTMLElement[] {
    return [...this.board().nativeElement.querySelectorAll('button')];
  }
}

/** The sign above or below: the nearest in the next line, as it is laid out now. */
function nextRow(buttons: readonly HTMLElement[], here: number, step: 1 | -1): number {
  const start = buttons[here];
  if (!start) return -1;
  let row: number | undefined;
  let best = -1;
  for (let i = here + step; buttons[i]; i += step) {
    const button = buttons[i];
    if (!button || button.offsetTop === start.offsetTop) continue;
    row ??= button.offsetTop;
    if (button.offsetTop !== row) break;
    const isNearer = best < 0 || distance(button, start) < distance(buttons[best] ?? start, start);
    if (isNearer) best = i;
  }
  return best;
}

const distance = (a: HTMLElement, b: HTMLElement): number => Math.abs(a.offsetLeft - b.offsetLeft);
