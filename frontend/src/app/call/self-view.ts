import { ChangeDetectionStrategy, Component, computed, ElementRef, inject, signal } from '@angular/core';
import { Words } from '../../i18n/words';
import { CallMedia } from './call-media';
import { pictureOf } from './local-media';
import { Play } from './play';

/** Less than this, in px, is a click and not a drag. */
const CLICK_PX = 6;
const CORNERS = ['low far', 'low near', 'high near', 'high far'] as const;
type Corner = (typeof CORNERS)[number];

/** Where to begin: the phone's pictures have it above, the desktop's below. */
const firstCorner = (): Corner => (matchMedia('(width >= 900px)').matches ? 'low far' : 'high far');

/** One's own picture, in a corner: dragged to another, or sent on to the next by a click or a key. Always silent. */
@Component({
  selector: 'parley-self-view',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Play],
  styleUrl: './self-view.css',
  host: {
    '[class]': 'corner()',
    '[class.dragged]': 'from() !== null',
    '[style.translate]': 'offset()',
    '(pointerdown)': 'grab($event)',
    '(pointermove)': 'drag($event)',
    '(pointerup)': 'drop($event)',
    '(pointercancel)': 'drop($event)',
  },
  template: `
    <button [attr.aria-label]="label() + ': ' + t('call.moveOwn')" (click)="next($event)">
      <video
        [parleyPlay]="stream()"
        [class.mirrored]="mirrored()"
        [class.whole]="sharing()"
        autoplay
        playsinline
        [muted]="true"
      ></video>
      <span>{{ label() }}</span>
    </button>
  `,
})
export class SelfView {
  readonly #media = inject(CallMedia);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly t = inject(Words).t;
  protected readonly corner = signal<Corner>(firstCorner());
  protected readonly from = signal<{ readonly x: number; readonly y: number } | null>(null);
  readonly #moved = signal({ x: 0, y: 0 });
  readonly #picture = computed(() => pictureOf(this.#media.local()));
  protected readonly stream = computed(() => {
    const picture = this.#picture();
    return picture && new MediaStream([picture]);
  });
  protected readonly sharing = computed(() => this.#media.local().screen !== null);
  /** Seen on the picture, and so the beginning of its name (WCAG 2.5.3). */
  protected readonly label = computed(() => this.t(this.sharing() ? 'call.yourScreen' : 'call.you'));
  protected readonly mirrored = computed(() => !this.sharing() && this.#media.local().facing === 'user');
  protected readonly offset = computed(() => `${this.#moved().x}px ${this.#moved().y}px`);

  protected grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#host.setPointerCapture(event.pointerId);
    this.from.set({ x: event.clientX, y: event.clientY });
  }

  protected drag(event: PointerEvent): void {
    const from = this.from();
    if (from !== null) this.#moved.set({ x: event.clientX - from.x, y: event.clientY - from.y });
  }

  protected drop(event: PointerEvent): void {
    if (this.from() === null) return;
    const { x, y } = this.#moved();
    this.from.set(null);
    this.#moved.set({ x: 0, y: 0 });
    if (Math.hypot(x, y) < CLICK_PX) {
      if (event.type === 'pointerup') this.#nextCorner();
      return;
    }
    const stage = this.#host.parentElement?.getBoundingClientRect() ?? document.body.getBoundingClientRect();
    const vertical = event.clientY < stage.top + stage.height / 2 ? 'high' : 'low';
    const horizontal = event.clientX < stage.left + stage.width / 2 ? 'near' : 'far';
    this.corner.set(`${vertical} ${horizontal}`);
  }

  /** The keyboard's way; a pointer's click has been handled when it was dropped. */
  protected next(event: MouseEvent): void {
    if (event.detail === 0) this.#nextCorner();
  }

  #nextCorner(): void {
    this.corner.update(corner => CORNERS[(CORNERS.indexOf(corner) + 1) % CORNERS.length] ?? 'low far');
  }
}
