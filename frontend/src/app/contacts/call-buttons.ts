import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { Media } from '#protocol/call-frames';
import type { Person } from '#protocol/api/account';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { CALL_STARTER } from './call-starter';

/** Call somebody, with a picture or without. */
@Component({
  selector: 'parley-call-buttons',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    @if (starter) {
      <button class="icon-button" type="button" [attr.aria-label]="t('contacts.call', name())" (click)="place('audio')">
        <parley-icon [svg]="phone" />
      </button>
      <button
        class="icon-button"
        type="button"
        [attr.aria-label]="t('contacts.video', name())"
        (click)="place('video')"
      >
        <parley-icon [svg]="video" />
      </button>
    }
  `,
  host: { style: 'display: contents' },
})
export class CallButtons {
  readonly person = input.required<Person>();

  protected readonly t = inject(Words).t;
  protected readonly starter = inject(CALL_STARTER, { optional: true });
  protected readonly phone = phone;
  protected readonly video = video;
  protected readonly name = computed(() => ({ name: this.person().displayName }));

  protected place(media: Media): void {
    this.starter?.place(this.person().id, media);
  }
}
