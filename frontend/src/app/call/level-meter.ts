const LOOK_MS = 100;
/** A room's silence stays below this. */
const HEARD = 0.35;

/** How loud a stream is right now. */
export interface LevelMeter {
  /** 0 to 1 */
  readonly level: () => number;
  readonly close: () => void;
}

/**
 * Follows how loud a track is.
 *
 * @param onLevel 0 to 1, and whether that is louder than the silence of a room; ten times a second
 * @returns ends it
 */
export function followLevel(track: MediaStreamTrack, onLevel: (level: number, heard: boolean) => void): () => void {
  const meter = levelMeter(new MediaStream([track]));
  const timer = setInterval(() => {
    const level = meter.level();
    onLevel(level, level > HEARD);
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    meter.close();
  };
}

/** Listens to a stream without playing it (Web Audio). */
export function levelMeter(stream: MediaStream): LevelMeter {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  // Longer than it takes to look again: a short sound between two looks would be missed.
  analyser.fftSize = 8192;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const level = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // The loudness of speech lies within some 50 dB: that is the length of the bar.
    return Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-9)) / 50));
  };
  return { level, close: () => void context.close().catch(() => undefined) };
}
