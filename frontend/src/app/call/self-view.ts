import { Component, computed, inject } from '@angular/core';
import videoOff from 'lucide-static/icons/video-off.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { CallMedia } from './call-media';
import { Corners } from './corners';
import { pictureOf } from './local-media';
import { Play } from './play';

/** One's own picture, in a corner: dragged to another, or sent on to the next by a click or a key. Always silent. */
@Component({
  selector: 'parley-self-view',
  imports: [Icon, Play],
  styleUrl: './self-view.css',
  hostDirectives: [Corners],
  template: `
    <button [attr.aria-label]="label() + ': ' + t('call.moveOwn')" (click)="corners.next()">
      <video
        [parleyPlay]="stream()"
        [class.mirrored]="mirrored()"
        [class.whole]="sharing()"
        autoplay
        playsinline
        [muted]="true"
      ></video>
      @if (paused()) {
        <div class="paused"><parley-icon [svg]="videoOff" /></div>
      }
      <span>{{ label() }}</span>
    </button>
  `,
})
export class SelfView {
  readonly #media = inject(CallMedia);
  protected readonly corners = inject(Corners);
  protected readonly t = laterWords();
  readonly #picture = computed(() => pictureOf(this.#media.local()));
  protected readonly stream = computed(() => {
    const picture = this.#picture();
    return picture && new MediaStream([picture]);
  });
  /** The network does not carry it: one sees what the other person sees. */
  protected readonly paused = this.#media.paused;
  protected readonly sharing = computed(() => this.#media.local().screen !== null);
  /** Seen on the picture, and so the beginning of its name (WCAG 2.5.3). */
  protected readonly label = computed(() =>
    this.t(this.paused() ? 'call.paused' : this.sharing() ? 'call.yourScreen' : 'call.you'),
  );
  protected readonly videoOff = videoOff;
  protected readonly mirrored = computed(() => !this.sharing() && this.#media.local().facing === 'user');

  constructor() {
    // The phone's pictures have it above, the desktop's below.
    if (matchMedia('(width >= 900px)').matches) this.corners.corner.set('low far');
  }
}
