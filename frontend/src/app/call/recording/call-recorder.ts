import { InjectionToken } from '@angular/core';
import { Film, type Seen } from './film';
import { type Size } from './picture-places';

/** What of a call is to be seen and heard. */
export interface Scene extends Seen {
  readonly peerSound: MediaStreamTrack | null;
  readonly ownSound: MediaStreamTrack | null;
}

/** So often what was recorded is handed over, ms: no more than this is lost with a page. */
const PART_MS = 4_000;
/** How large recordings are, in pixels. */
export const RECORDED_SIZE = new InjectionToken<Size>('how large recordings are', {
  factory: () => ({ width: 1280, height: 720 }),
});
const VIDEO_BITS_A_SECOND = 2_500_000;
const AUDIO_BITS_A_SECOND = 96_000;
/** A file grows from one whole picture to the next: the part that is lost with a page is no longer than this, ms. */
const WHOLE_PICTURE_MS = 2_000;

/** From what plays on most devices to whatever this browser writes. */
const TYPES = [
  'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
  'video/webm;codecs=vp8,opus',
  'video/webm',
  'video/mp4',
] as const;

/** What this browser would write, or undefined where it records nothing. */
export const recordedType = (): string | undefined =>
  'MediaRecorder' in globalThis && 'captureStream' in HTMLCanvasElement.prototype
    ? TYPES.find(type => MediaRecorder.isTypeSupported(type))
    : undefined;

export interface RecorderEvents {
  /** The next part of the file. */
  readonly part: (part: Blob) => void;
  /** The browser records no further. */
  readonly failed: () => void;
}

/** Records both persons of a call, sound and picture, into one file that comes in parts. */
export class CallRecorder {
  readonly #audio = new AudioContext();
  readonly #mixed = this.#audio.createMediaStreamDestination();
  readonly #sources = new Map<'peerSound' | 'ownSound', { track: MediaStreamTrack; node: AudioNode }>();
  readonly #film: Film;
  readonly #recorder: MediaRecorder;
  readonly #stopped: Promise<void>;
  /** How long it has recorded until it was paused last, and since when it records again. */
  #before = 0;
  #since: number | null = performance.now();

  /** @throws where the browser refuses */
  constructor(scene: Scene, type: string, size: Size, { part, failed }: RecorderEvents) {
    this.#film = new Film(scene, size);
    const stream = new MediaStream([this.#film.track, ...this.#mixed.stream.getAudioTracks()]);
    // The last one is newer than the library's types (W3C MediaStream Recording, 2.2).
    const options: MediaRecorderOptions & { videoKeyFrameIntervalDuration: number } = {
      mimeType: type,
      videoBitsPerSecond: VIDEO_BITS_A_SECOND,
      audioBitsPerSecond: AUDIO_BITS_A_SECOND,
      videoKeyFrameIntervalDuration: WHOLE_PICTURE_MS,
    };
    try {
      this.#recorder = new MediaRecorder(stream, options);
      this.#recorder.start(PART_MS);
    } catch (cause) {
      this.#release();
      throw cause;
    }
    this.#recorder.ondataavailable = ({ data }) => data.size > 0 && part(data);
    this.#recorder.onerror = () => failed();
    this.#stopped = new Promise(resolve => (this.#recorder.onstop = () => resolve()));
    this.show(scene);
    void this.#audio.resume().catch(() => undefined);
  }

  /** Ms without pauses. */
  get lasted(): number {
    return this.#before + (this.#since === null ? 0 : performance.now() - this.#since);
  }

  /** Tracks come and go. */
  show(scene: Scene): void {
    this.#film.show(scene);
    for (const of of ['peerSound', 'ownSound'] as const) {
      const before = this.#sources.get(of);
      const track = scene[of];
      if (before?.track === (track ?? undefined)) continue;
      before?.node.disconnect();
      this.#sources.delete(of);
      if (track === null) continue;
      const node = this.#audio.createMediaStreamSource(new MediaStream([track]));
      node.connect(this.#mixed);
      this.#sources.set(of, { track, node });
    }
  }

  pause(): void {
    if (this.#recorder.state !== 'recording') return;
    this.#before = this.lasted;
    this.#since = null;
    this.#recorder.pause();
  }

  resume(): void {
    if (this.#recorder.state !== 'paused') return;
    this.#since = performance.now();
    this.#recorder.resume();
  }

  /** Ends it; settles when the last part was handed over. */
  async stop(): Promise<void> {
    this.#before = this.lasted;
    this.#since = null;
    if (this.#recorder.state !== 'inactive') {
      this.#recorder.stop();
      await this.#stopped;
    }
    this.#release();
  }

  #release(): void {
    this.#film.close();
    for (const { node } of this.#sources.values()) node.disconnect();
    void this.#audio.close().catch(() => undefined);
  }
}
