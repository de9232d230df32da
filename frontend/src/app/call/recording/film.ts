import { largeSide, picturePlaces, type Side, type Size } from './picture-places';

/** Between two frames, ms. */
const FRAME_MS = 1_000 / 20;
const GROUND = '#101a18';
/** Of the small picture's corners, and of the letters of a name, as a part of the frame's height. */
const RADIUS = 0.022;
const LETTERS = 0.06;

/** What of a call is to be seen; `null` where there is no picture. */
export interface Seen {
  readonly peer: MediaStreamTrack | null;
  readonly own: MediaStreamTrack | null;
  /** One's own picture is a screen. */
  readonly showsScreen: boolean;
  /** Said in the place of pictures that are not there. */
  readonly names: Readonly<Record<Side, string>>;
}

const SIDES = ['peer', 'own'] as const;

/** Puts the pictures of both persons into one, which is a track of its own. */
export class Film {
  readonly #canvas = document.createElement('canvas');
  // What is encoded here is read from memory: a canvas in graphics memory would be copied from there, frame by frame.
  readonly #context = this.#canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  readonly #frame: Size;
  readonly #videos = { peer: makeVideo(), own: makeVideo() };
  readonly #clock = new Worker(new URL('./frame-clock.worker', import.meta.url), { type: 'module', name: 'frames' });
  #seen: Seen;

  readonly track: MediaStreamTrack;

  /** @throws where the browser makes no track of a canvas */
  constructor(seen: Seen, frame: Size) {
    this.#seen = seen;
    this.#frame = frame;
    Object.assign(this.#canvas, frame);
    this.show(seen);
    // Where the browser lets frames be handed over that is done by the clock below, not by what it thinks is seen.
    const handsOver =
      'CanvasCaptureMediaStreamTrack' in globalThis && 'requestFrame' in CanvasCaptureMediaStreamTrack.prototype;
    const [track] = this.#canvas.captureStream(handsOver ? 0 : 1_000 / FRAME_MS).getVideoTracks();
    if (track === undefined) throw new Error('no track of the canvas');
    this.track = track;
    this.#clock.onmessage = () => {
      const begun = performance.now();
      this.#draw();
      // eslint-disable-next-line parley/newer-apis -- looked for
      if (handsOver) (track as CanvasCaptureMediaStreamTrack).requestFrame();
      const took = performance.now() - begun;
      // On a device that is slow at it there are fewer frames, and at least half of its time is for all else.
      this.#clock.postMessage(Math.max(FRAME_MS - took, took));
    };
    this.#clock.postMessage(0);
  }

  /** What is to be seen from now on. */
  show(seen: Seen): void {
    this.#seen = seen;
    for (const side of SIDES) {
      const video = this.#videos[side];
      if (trackOf(video) === seen[side]) continue;
      video.srcObject = seen[side] && new MediaStream([seen[side]]);
      // Refused, or replaced before it began: its place stays empty.
      if (seen[side]) void video.play().catch(() => undefined);
    }
  }

  close(): void {
    this.#clock.terminate();
    this.track.stop();
    for (const side of SIDES) this.#videos[side].srcObject = null;
  }

  #draw(): void {
    const context = this.#context;
    if (!context) return;
    const frame = this.#frame;
    context.fillStyle = GROUND;
    context.fillRect(0, 0, frame.width, frame.height);
    const [peer, own] = SIDES.map(side => sizeOf(this.#videos[side])) as [Size | null, Size | null];
    const { showsScreen, names } = this.#seen;
    const places = picturePlaces(frame, { peer, own, showsScreen });
    const large = largeSide(peer, own, showsScreen);
    if (places[large] === null) this.#write(context, names[large]);
    for (const side of [large, large === 'own' ? 'peer' : 'own'] as const) {
      const place = places[side];
      if (place === null) continue;
      context.save();
      context.beginPath();
      context.roundRect(place.x, place.y, place.width, place.height, side === large ? 0 : RADIUS * frame.height);
      context.clip();
      context.drawImage(this.#videos[side], place.x, place.y, place.width, place.height);
      context.restore();
    }
  }

  #write(context: CanvasRenderingContext2D, name: string): void {
    const { width, height } = this.#frame;
    context.fillStyle = '#ffffff';
    // eslint-disable-next-line parley/newer-apis -- the words of a font that are newer are not used
    context.font = `600 ${LETTERS * height}px system-ui, sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(name, width / 2, height / 2, width * 0.8);
  }
}

function makeVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, autoplay: true });
  return video;
}

const trackOf = ({ srcObject }: HTMLVideoElement): MediaStreamTrack | null =>
  srcObject instanceof MediaStream ? (srcObject.getVideoTracks()[0] ?? null) : null;

/** Of a picture that is there. */
const sizeOf = (video: HTMLVideoElement): Size | null =>
  video.srcObject !== null && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0
    ? { width: video.videoWidth, height: video.videoHeight }
    : null;
