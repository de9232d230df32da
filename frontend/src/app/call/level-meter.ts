/** How loud a stream is right now. */
export interface LevelMeter {
  /** 0 to 1 */
  readonly level: () => number;
  readonly close: () => void;
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
