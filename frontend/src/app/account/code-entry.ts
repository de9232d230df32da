import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import scan from 'lucide-static/icons/scan-line.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { TextField } from '../look/text-field';
import { CodeScanner } from './code-scanner';
import { readInvitation } from './read-code';

/** Takes an invitation's ten letters, typed, pasted as a link, or scanned where the browser can. */
@Component({
  selector: 'parley-code-entry',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [CodeScanner, Icon, TextField],
  template: `
    <form (submit)="$event.preventDefault(); send()" novalidate>
      <parley-text-field
        [label]="t('invitations.entry.label')"
        [(value)]="typed"
        name="invitation"
        autocapitalize="none"
        [longest]="300"
        [wrong]="isWrong()"
        [hint]="t(isWrong() ? 'invitations.entry.wrong' : 'invitations.entry.hint')"
      />
      @if (scanning()) {
        @defer (on immediate) {
          <parley-code-scanner (found)="found($event)" (stopped)="scanning.set(false)" />
        }
      }
      <button class="button wide" type="submit">{{ t('invitations.entry.go') }}</button>
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
  readonly code = output<string>();

  protected readonly t = inject(Words).t;
  protected readonly scan = scan;
  protected readonly canScan = 'BarcodeDetector' in window && 'mediaDevices' in navigator;
  protected readonly typed = signal('');
  protected readonly scanning = signal(false);
  readonly #sent = signal<string | undefined>(undefined);
  protected readonly isWrong = computed(() => {
    const sent = this.#sent();
    if (sent === undefined) return this.wrong() && this.typed() === '';
    return sent === this.typed() && (this.wrong() || readInvitation(sent) === undefined);
  });

  protected send(): void {
    this.#sent.set(this.typed());
    const code = readInvitation(this.typed());
    if (code !== undefined) this.code.emit(code);
  }

  protected found(text: string): void {
    this.scanning.set(false);
    this.typed.set(text);
    this.send();
  }
}
