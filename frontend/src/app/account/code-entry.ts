import { Component, computed, inject, input, output, signal } from '@angular/core';
import scan from 'lucide-static/icons/scan-line.svg';
import { type Key, Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { TextField } from '../look/text-field';
import { CodeScanner } from './code-scanner';
import { readEntry } from './read-code';

/** Takes an invitation's ten letters or the set-up link: typed, pasted, or scanned. */
@Component({
  selector: 'parley-code-entry',
  imports: [CodeScanner, Icon, TextField],
  template: `
    <form (submit)="$event.preventDefault(); send()" novalidate>
      <parley-text-field
        [label]="t(setUp() ? 'invitations.setUp.label' : 'invitations.entry.label')"
        [(value)]="typed"
        name="invitation"
        autocapitalize="none"
        [longest]="300"
        [wrong]="isWrong()"
        [hint]="t(hint())"
      />
      @if (scanning()) {
        @defer (on immediate) {
          <parley-code-scanner (found)="found($event)" (stopped)="scanning.set(false)" />
        }
      }
      @if (!scanning()) {
        <button class="button wide" type="submit">{{ t('invitations.entry.go') }}</button>
      }
      @if (canScan && !scanning()) {
        <button class="button text wide" type="button" (click)="scanning.set(true)">
          <parley-icon [svg]="scan" />{{ t('invitations.entry.scan') }}
        </button>
      }
    </form>
  `,
  styles: '.button { margin-top: 18px } .button.text { margin-top: 8px }',
})
export class CodeEntry {
  /** The server does not know the last one. */
  readonly wrong = input(false);
  /** Whether the first account is still to be made. */
  readonly setUp = input(false);
  /** What was typed or scanned, and can be read (`readEntry`). */
  readonly entry = output<string>();

  protected readonly t = inject(Words).t;
  protected readonly scan = scan;
  protected readonly canScan = 'mediaDevices' in navigator;
  protected readonly typed = signal('');
  protected readonly scanning = signal(false);
  readonly #sent = signal<string | undefined>(undefined);
  protected readonly isWrong = computed(() => {
    const sent = this.#sent();
    if (sent === undefined) return this.wrong() && this.typed() === '';
    return sent === this.typed() && (this.wrong() || readEntry(sent) === undefined);
  });
  protected readonly hint = computed((): Key => {
    if (this.isWrong()) return 'invitations.entry.wrong';
    return this.setUp() ? 'invitations.setUp.hint' : 'invitations.entry.hint';
  });

  protected send(): void {
    this.#sent.set(this.typed());
    if (readEntry(this.typed()) !== undefined) this.entry.emit(this.typed());
  }

  protected found(text: string): void {
    this.scanning.set(false);
    this.typed.set(text);
    this.send();
  }
}
