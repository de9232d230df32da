import {
  Component,
  DestroyRef,
  type ElementRef,
  inject,
  input,
  output,
  signal,
  viewChild,
  type OnInit,
} from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { readEntry } from './read-code';

/** Between two looks, in ms: often enough for a hand that is held still, and cheap. */
const LOOK_MS = 200;

/** Why there is no picture, in words that say what to do instead. */
export type CameraProblems = Readonly<Record<'refused' | 'noCamera' | 'cameraBusy' | 'unread', Key>>;

const TYPE_INSTEAD: CameraProblems = {
  refused: 'invitations.entry.refused',
  noCamera: 'invitations.entry.noCamera',
  cameraBusy: 'invitations.entry.cameraBusy',
  unread: 'invitations.entry.unread',
};

/**
 * The camera's picture, looked through for a code, by default one that lets somebody in; the camera ends with it. It is read here and not by the
 * browser's own `BarcodeDetector`, which iPhones, Firefox and most desktops do not have.
 */
@Component({
  selector: 'parley-code-scanner',
  template: `
    @if (problem(); as why) {
      <p class="note bad" role="alert">{{ t(why) }}</p>
    } @else {
      <div class="finder">
        <video #video autoplay muted playsinline [attr.aria-label]="t('invitations.entry.camera')"></video>
      </div>
      <p class="field-hint" role="status">{{ t('invitations.entry.hold') }}</p>
    }
    <button class="button text wide" type="button" (click)="stopped.emit()">
      {{ t(problem() ? 'app.close' : 'app.cancel') }}
    </button>
  `,
  styles: `
    :host {
      display: block;
      margin-top: 14px;
    }
    .finder {
      position: relative;
      overflow: hidden;
      border-radius: var(--radius);
    }
    /* Where the code belongs: what lies around is shaded, and four corners are drawn. */
    .finder::before,
    .finder::after {
      content: '';
      position: absolute;
      inset: 16%;
      border-radius: var(--radius);
      pointer-events: none;
    }
    .finder::before {
      z-index: 1;
      box-shadow: 0 0 0 100vmax #0007;
    }
    .finder::after {
      --corner: linear-gradient(#000000, #000000);
      z-index: 1;
      border: 4px solid #ffffff;
      mask:
        var(--corner) 0 0 / 24% 24% no-repeat,
        var(--corner) 100% 0 / 24% 24% no-repeat,
        var(--corner) 0 100% / 24% 24% no-repeat,
        var(--corner) 100% 100% / 24% 24% no-repeat;
    }
    video {
      display: block;
      width: 100%;
      aspect-ratio: 1;
      background: #000000;
      object-fit: cover;
    }
  `,
})
export class CodeScanner implements OnInit {
  /** Whether a text is what is looked for; others are passed over. */
  readonly wanted = input<(text: string) => boolean>(text => readEntry(text) !== undefined);
  readonly problems = input(TYPE_INSTEAD);
  /** The first text that is wanted. */
  readonly found = output<string>();
  readonly stopped = output();
  protected readonly t = laterWords();
  protected readonly problem = signal<Key | undefined>(undefined);
  private readonly video = viewChild<ElementRef<HTMLVideoElement>>('video');
  readonly #gone = new AbortController();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.#gone.abort());
  }

  ngOnInit(): void {
    this.#start().catch((error: unknown) => this.problem.set(this.problems()[problemOf(error)]));
  }

  async #start(): Promise<void> {
    const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    const stop = () => camera.getTracks().forEach(track => track.stop());
    if (this.#gone.signal.aborted) return stop();
    this.#gone.signal.addEventListener('abort', stop);
    const video = this.video()?.nativeElement;
    if (video) video.srcObject = camera;
    const { BarcodeDetector } = await import('qr/decode.js');
    if (video && !this.#gone.signal.aborted) this.#look(new BarcodeDetector({ formats: ['qr_code'] }), video);
  }

  #look(
    detector: { detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> },
    video: HTMLVideoElement,
  ): void {
    const timer = setInterval(() => void once(), LOOK_MS);
    this.#gone.signal.addEventListener('abort', () => clearInterval(timer));
    const once = async () => {
      // A frame that cannot be read yet is followed by others.
      const codes = await detector.detect(video).catch(() => []);
      const text = codes.map(({ rawValue }) => rawValue).find(value => this.wanted()(value));
      if (text === undefined || this.#gone.signal.aborted) return;
      this.#gone.abort();
      this.found.emit(text);
    };
  }
}

/** Why there is no picture (Media Capture and Streams, 10.2.1). */
function problemOf(error: unknown): keyof CameraProblems {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'noCamera';
  return name === 'NotReadableError' ? 'cameraBusy' : 'unread';
}
