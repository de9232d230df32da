import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  inject,
  output,
  signal,
  viewChild,
  type OnInit,
} from '@angular/core';
import { Words } from '../../i18n/words';
import { readInvitation } from './read-code';

/** The part of the Shape Detection API that is used here; the platform's types do not have it yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { rawValue: string }[]>;
}
type DetectorMaker = new (options: { formats: string[] }) => Detector;
const detectorOf = (scope: typeof globalThis & { BarcodeDetector?: DetectorMaker }): Detector | undefined =>
  scope.BarcodeDetector && new scope.BarcodeDetector({ formats: ['qr_code'] });

/** Between two looks, in ms: often enough for a hand that is held still, and cheap. */
const LOOK_MS = 200;

/** The camera's picture, looked through for the code of an invitation; the camera ends with it. */
@Component({
  selector: 'parley-code-scanner',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (refused()) {
      <p class="note bad" role="alert">{{ t('invitations.entry.noCamera') }}</p>
    } @else {
      <video #video autoplay muted playsinline [attr.aria-label]="t('invitations.entry.camera')"></video>
      <button class="button text wide" type="button" (click)="stopped.emit()">{{ t('app.cancel') }}</button>
    }
  `,
  styles: `
    :host {
      display: block;
      margin-top: 14px;
    }
    video {
      display: block;
      width: 100%;
      aspect-ratio: 1;
      border-radius: var(--radius);
      background: #000000;
      object-fit: cover;
    }
  `,
})
export class CodeScanner implements OnInit {
  readonly found = output<string>();
  readonly stopped = output();
  protected readonly t = inject(Words).t;
  protected readonly refused = signal(false);
  private readonly video = viewChild<ElementRef<HTMLVideoElement>>('video');
  readonly #gone = new AbortController();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.#gone.abort());
  }

  ngOnInit(): void {
    void this.#start();
  }

  async #start(): Promise<void> {
    const detector = detectorOf(globalThis);
    try {
      const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      const stop = () => camera.getTracks().forEach(track => track.stop());
      if (this.#gone.signal.aborted) return stop();
      this.#gone.signal.addEventListener('abort', stop);
      const video = this.video()?.nativeElement;
      if (!video || !detector) return this.refused.set(true);
      video.srcObject = camera;
      this.#look(detector, video);
    } catch {
      this.refused.set(true);
    }
  }

  #look(detector: Detector, video: HTMLVideoElement): void {
    const timer = setInterval(() => void once(), LOOK_MS);
    this.#gone.signal.addEventListener('abort', () => clearInterval(timer));
    const once = async () => {
      // A frame that cannot be read yet is followed by others.
      const codes = await detector.detect(video).catch(() => []);
      const text = codes.map(({ rawValue }) => rawValue).find(value => readInvitation(value) !== undefined);
      if (text === undefined || this.#gone.signal.aborted) return;
      clearInterval(timer);
      this.found.emit(text);
    };
  }
}
