import { levelMeter } from './level-meter';
import { loopback } from './loopback';
import { until } from './testing/until';

describe('loopback', () => {
  it('brings sound and picture to its other end', async () => {
    const camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    const link = loopback({}, camera.getTracks());
    await link.connected;
    expect(
      link.received
        .getTracks()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['audio', 'video']);
    link.close();
    camera.getTracks().forEach(track => track.stop());
  });
});

describe('levelMeter', () => {
  it('moves with the loudness of a stream', async () => {
    const context = new AudioContext();
    const [tone, out] = [context.createOscillator(), context.createMediaStreamDestination()];
    const meter = levelMeter(out.stream);
    expect(meter.level()).toBe(0);
    tone.connect(out);
    tone.start();
    await until('the tone is heard', () => meter.level() > 0.8);
    meter.close();
    await context.close();
  });
});
