import { Component, computed, inject, input } from '@angular/core';
import { DomSanitizer } from '@angular/platform-browser';

/**
 * Draws one SVG that was imported as text at build (`import phone from 'lucide-static/icons/phone.svg'`), so that a
 * feature carries its own icons in its own chunk. It is decoration: the words stand beside it or in an `aria-label`.
 * Its size is `--icon-size`.
 */
@Component({
  selector: 'parley-icon',
  host: { 'aria-hidden': 'true', '[innerHTML]': 'drawing()' },
  template: '',
  styleUrl: './icon.css',
})
export class Icon {
  readonly svg = input.required<string>();

  readonly #sanitizer = inject(DomSanitizer);
  // Only what the build put into the program comes here, never anything from the wire.
  protected readonly drawing = computed(() => this.#sanitizer.bypassSecurityTrustHtml(this.svg()));
}
