import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  signal,
} from '@angular/core';
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
    '[style.translate]': 'offset()',
    '(pointerdown)': 'grab($event)',
    '(pointermove)': 'drag($event)',
    '(pointerup)': 'drop($event)',
    '(pointercancel)': 'letGo()',
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
  readonly #injector = inject(Injector);
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly t = inject(Words).t;
  protected readonly corner = signal<Corner>(firstCorner());
  readonly #from = signal<{ readonly x: number; readonly y: number } | null>(null);
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
    this.#from.set({ x: event.clientX, y: event.clientY });
  }

  protected drag(event: PointerEvent): void {
    const from = this.#from();
    if (from !== null) this.#moved.set({ x: event.clientX - from.x, y: event.clientY - from.y });
  }

  protected drop(event: PointerEvent): void {
    if (this.#from() === null) return;
    const { x, y } = this.#moved();
    if (Math.hypot(x, y) < CLICK_PX) return this.#goTo(this.#next());
    const stage = this.#host.parentElement?.getBoundingClientRect() ?? document.body.getBoundingClientRect();
    const vertical = event.clientY < stage.top + stage.height / 2 ? 'high' : 'low';
    const horizontal = event.clientX < stage.left + stage.width / 2 ? 'near' : 'far';
    this.#goTo(`${vertical} ${horizontal}`);
  }

  /** The system has taken the pointer: the picture goes back. */
  protected letGo(): void {
    if (this.#from() !== null) this.#goTo(this.corner());
  }

  /** The keyboard's way; a pointer's click has been handled when it was dropped. */
  protected next(event: MouseEvent): void {
    if (event.detail === 0) this.#goTo(this.#next());
  }

  #next(): Corner {
    return CORNERS[(CORNERS.indexOf(this.corner()) + 1) % CORNERS.length] ?? 'low far';
  }

  /** Glides there from where it is. A style cannot: between two corners there is nothing it could pass through. */
  #goTo(corner: Corner): void {
    const before = this.#host.getBoundingClientRect();
    this.#from.set(null);
    this.#moved.set({ x: 0, y: 0 });
    this.corner.set(corner);
    const glide = () => {
      const after = this.#host.getBoundingClientRect();
      const from = `${before.x - after.x}px ${before.y - after.y}px`;
      // Computed, so in seconds, however it was written.
      const { animationDuration, animationTimingFunction: easing } = getComputedStyle(this.#host);
      const duration = parseFloat(animationDuration) * 1_000;
      this.#host.animate({ translate: [from, '0 0'] }, { duration, easing });
    };
    afterNextRender({ read: glide }, { injector: this.#injector });
  }
}
