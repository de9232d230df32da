import { until } from '../testing/until';
import { CallRecorder, recordedType, type Scene } from './call-recorder';

/** Small, so that a machine that is busy with other things keeps up. */
const SIZE = { width: 320, height: 180 };

/** A camera that shows one colour, and moves. */
function camera(colour: string): MediaStreamTrack {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const context = canvas.getContext('2d')!;
  let n = 0;
  const draw = () => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = '#808080';
    context.fillRect(n++ % 8, 0, 4, 4);
  };
  draw();
  const timer = setInterval(draw, 40);
  const [track] = canvas.captureStream(25).getVideoTracks();
  cleanUp.push(() => (clearInterval(timer), track!.stop()));
  return track!;
}

/** A voice of one pitch, in Hz. */
function voice(pitch: number): MediaStreamTrack {
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: pitch });
  const out = audio.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  cleanUp.push(() => void audio.close());
  return out.stream.getAudioTracks()[0]!;
}
const cleanUp: (() => void)[] = [];

/** How strong a pitch is in some samples (Goertzel). */
function strength(samples: Float32Array, rate: number, pitch: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * pitch) / rate);
  let [a, b] = [0, 0];
  for (const sample of samples) [a, b] = [sample + turn * a - b, a];
  return Math.sqrt(Math.max(0, a * a + b * b - turn * a * b)) / samples.length;
}

/** Plays a file until the colours at these places of its frame are as they shall be, or its end. */
async function plays(file: Blob, shown: readonly (readonly [readonly [number, number], Is])[]): Promise<void> {
  const video = Object.assign(document.createElement('video'), { muted: true, src: URL.createObjectURL(file) });
  cleanUp.push(() => URL.revokeObjectURL(video.src));
  await video.play();
  const canvas = Object.assign(document.createElement('canvas'), SIZE);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const colours = () => {
    context.drawImage(video, 0, 0);
    return shown.map(([[x, y]]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
  };
  const fits = () => shown.every(([, is], index) => is(colours()[index]));
  await until('it shows that, or is over', () => video.ended || fits());
  expect(fits())
    .withContext(`at ${video.currentTime} s: ${colours().join(' | ')}`)
    .toBeTrue();
  expect([video.videoWidth, video.videoHeight]).toEqual([SIZE.width, SIZE.height]);
}

type Is = (colour?: number[]) => boolean;
const isRed: Is = ([r = 0, g = 0, b = 0] = []) => r > 150 && g < 90 && b < 90;
const isGreen: Is = ([r = 0, g = 0, b = 0] = []) => g > 110 && r < 90 && b < 90;
const MIDDLE = [160, 75] as const;
const CORNER = [290, 160] as const;

describe('The recorder of a call', () => {
  afterEach(() => {
    for (const clean of cleanUp.splice(0)) clean();
  });

  const sceneOf = (more: Partial<Scene> = {}): Scene => ({
    peer: camera('#d01010'),
    own: camera('#10a010'),
    showsScreen: false,
    names: { peer: 'Mira', own: 'You' },
    peerSound: voice(440),
    ownSound: voice(1_500),
    ...more,
  });

  /** Records until so many ms were recorded, and gives the file. */
  async function record(scene: Scene, ms: number, act: (recorder: CallRecorder) => void = () => {}): Promise<Blob[]> {
    const parts: Blob[] = [];
    const failed = jasmine.createSpy('failed');
    const recorder = new CallRecorder(scene, recordedType()!, SIZE, { part: part => parts.push(part), failed });
    await until('half of it', () => recorder.lasted >= ms / 2);
    act(recorder);
    await until('it was recorded', () => recorder.lasted >= ms, 20_000);
    await recorder.stop();
    expect(failed).not.toHaveBeenCalled();
    return parts;
  }
  const whole = (parts: Blob[]) => new Blob(parts, { type: recordedType()!.split(';')[0]! });

  it('makes a file that plays, with both pictures in one and both voices', async () => {
    const file = whole(await record(sceneOf(), 2_000));
    await plays(file, [
      [MIDDLE, isRed],
      [CORNER, isGreen],
    ]);
    const audio = new OfflineAudioContext(1, 1, 48_000);
    const sound = await audio.decodeAudioData(await file.arrayBuffer());
    expect(sound.duration).toBeGreaterThan(1.5);
    const samples = sound.getChannelData(0).subarray(24_000);
    const [hers, his, none] = [440, 1_500, 3_100].map(pitch => strength(samples, sound.sampleRate, pitch));
    expect(hers)
      .withContext('the other voice')
      .toBeGreaterThan(10 * none!);
    expect(his)
      .withContext('the own voice')
      .toBeGreaterThan(10 * none!);
  });

  it('follows the cameras: who is alone to be seen is large', async () => {
    const scene = sceneOf();
    const file = whole(await record(scene, 2_000, recorder => recorder.show({ ...scene, peer: null })));
    await plays(file, [
      [MIDDLE, isGreen],
      [CORNER, isGreen],
    ]);
  });

  it('has a file as far as it came where its page dies: it plays without the last part', async () => {
    const parts = await record(sceneOf(), 6_000);
    expect(parts.length).toBeGreaterThan(1);
    await plays(whole(parts.slice(0, -1)), [[MIDDLE, isRed]]);
  });

  it('leaves nothing running where the browser refuses', () => {
    const ended = spyOn(Worker.prototype, 'terminate').and.callThrough();
    const begins = () => new CallRecorder(sceneOf(), 'video/unheard-of', SIZE, { part: () => {}, failed: () => {} });
    expect(begins).toThrow();
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('records nothing while it is paused', async () => {
    const recorder = new CallRecorder(sceneOf(), recordedType()!, SIZE, { part: () => {}, failed: () => {} });
    recorder.pause();
    const before = recorder.lasted;
    await new Promise(resolve => requestAnimationFrame(resolve));
    expect(recorder.lasted).toBe(before);
    recorder.resume();
    await until('it goes on', () => recorder.lasted > before);
    await recorder.stop();
  });
});
