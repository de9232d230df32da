import { Component, computed, inject, input } from '@angular/core';
import type { Media } from '#protocol/call-frames';
import type { Person } from '#protocol/api/account';
import maximize from 'lucide-static/icons/maximize-2.svg';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { CALL_STARTER, callOffer } from './call-starter';

/**
 * Call somebody, with a picture or without; back to the call with them while there is one. During a call with somebody else
 * they stay in place, say why they do nothing, and can be reached by a keyboard.
 */
@Component({
  selector: 'parley-call-buttons',
  imports: [Icon],
  template: `
    @switch (offer()) {
      @case ('none') {}
      @case ('return') {
        <button [class]="look() + ' primary'" type="button" [attr.aria-label]="returnLabel()" (click)="back()">
          <parley-icon [svg]="icons.maximize" />
          @if (words()) {
            {{ t('call.returnToCall') }}
          }
        </button>
      }
      @default {
        @for (way of ways; track way.media) {
          <button
            [class]="look()"
            type="button"
            [attr.aria-label]="words() ? null : t(way.label, name())"
            [attr.aria-disabled]="closed() || offer() === 'busy' ? true : null"
            [title]="offer() === 'busy' ? t('call.alreadyInCall') : ''"
            (click)="place(way.media)"
          >
            <parley-icon [svg]="way.icon" />
            @if (words()) {
              {{ t(way.word) }}
            }
          </button>
        }
      }
    }
  `,
  host: { style: 'display: contents' },
})
export class CallButtons {
  readonly person = input.required<Person>();
  /** Buttons with words, for a page about the person. */
  readonly words = input(false);
  /** No call is placed for now. */
  readonly closed = input(false);

  protected readonly t = inject(Words).t;
  readonly #starter = inject(CALL_STARTER, { optional: true });
  protected readonly icons = { maximize };
  protected readonly ways = [
    { media: 'audio', icon: phone, label: 'contacts.call', word: 'contacts.audio' },
    { media: 'video', icon: video, label: 'contacts.video', word: 'contacts.picture' },
  ] as const;
  protected readonly look = computed(() => (this.words() ? 'button tonal' : 'icon-button'));
  protected readonly name = computed(() => ({ name: this.person().displayName }));
  protected readonly offer = computed(() => (this.#starter ? callOffer(this.#starter, this.person().id) : 'none'));
  protected readonly returnLabel = computed(() => (this.words() ? null : this.t('call.returnToCall')));

  protected place(media: Media): void {
    if (!this.closed()) this.#starter?.place(this.person().id, media);
  }

  protected back(): void {
    this.#starter?.returnToCall();
  }
}
