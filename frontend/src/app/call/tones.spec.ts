import { RINGBACK, RINGTONE_NAMES, RINGTONES, sound } from './tones';
import { listen } from './testing/audio-graph';
import { until } from './testing/until';

describe('a ringtone', () => {
  for (const name of RINGTONE_NAMES) {
    it(`called ${name} is heard at the end of the audio graph in its own pitch, and silent once it is stopped`, async () => {
      const graph = listen();
      const melody = RINGTONES[name];
      const ring = sound(melody, 10, () => undefined);
      await until('it is heard', () => ring.heard() && graph.peak() > melody.level / 4);
      const pitches = melody.tones.map(({ hertz }) => hertz);
      await until('one of its tones', () => pitches.some(hertz => Math.abs(graph.pitch() - hertz) < 12));
      ring.stop();
      await until('the context is closed', () => graph.contexts.every(({ state }) => state === 'closed'));
    });
  }

  it('sounds unlike the others', () => {
    const beginnings = RINGTONE_NAMES.map(name => RINGTONES[name].tones[0]?.hertz);
    expect(new Set(beginnings).size).toBe(RINGTONE_NAMES.length);
    for (const name of RINGTONE_NAMES) expect(RINGTONES[name].level).toBeGreaterThan(3 * RINGBACK.level);
  });
});
