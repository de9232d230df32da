import { KeptRecording } from './kept-recording';

const ABOUT = { name: 'Mira Sand', at: new Date(2026, 10, 30, 16, 20).getTime(), type: 'video/webm;codecs=vp8,opus' };
const part = (text: string) => new Blob([text]);

describe('A recording on this device', () => {
  const forget = async () => {
    // Nothing was kept, or a spec has the browser refuse.
    const root = await navigator.storage.getDirectory().catch(() => undefined);
    await root?.removeEntry('call-recordings', { recursive: true }).catch(() => undefined);
  };
  beforeEach(forget);
  afterEach(forget);

  it('is there part by part: the next page finds what was kept when this one died', async () => {
    const running = KeptRecording.begin(ABOUT);
    await running.add(part('one '));
    await running.add(part('two '));
    const [left] = await KeptRecording.left();
    expect([left!.id, left!.size, left!.about.lasts]).toEqual([running.id, 8, null]);
    expect(await (await left!.whole()).text()).toBe('one two ');
    await left!.add(part('three'));
    expect(await (await left!.whole()).text()).toBe('one two three');
  });

  it('is a file with a name that says of whom and when, in its order', async () => {
    const recording = KeptRecording.begin({ ...ABOUT, name: '../Mira' });
    await Promise.all(['a', 'b', 'c', 'd'].map(text => recording.add(part(text))));
    await recording.end(4_000);
    const file = await recording.whole();
    expect([await file.text(), file.type, recording.about.lasts]).toEqual(['abcd', 'video/webm', 4_000]);
    expect(file.name).toContain('2026-11-30 16.20.webm');
    expect(file.name).not.toContain('/');
  });

  it('is gone once it was discarded', async () => {
    const recording = KeptRecording.begin(ABOUT);
    await recording.add(part('one'));
    await recording.discard();
    expect(await KeptRecording.left()).toEqual([]);
  });

  it('is forgotten at the next start where it was handed to the downloads, or nothing was kept of it', async () => {
    const saved = KeptRecording.begin(ABOUT);
    await saved.add(part('one'));
    await saved.wasSaved();
    await KeptRecording.begin(ABOUT).end(0);
    expect(await KeptRecording.left()).toEqual([]);
  });

  it('keeps what it has where the device is full, and nothing after a gap', async () => {
    const recording = KeptRecording.begin(ABOUT);
    await recording.add(part('one '));
    const full = spyOn(FileSystemFileHandle.prototype, 'createWritable').and.rejectWith(
      new DOMException('full', 'QuotaExceededError'),
    );
    await expectAsync(recording.add(part('two '))).toBeRejected();
    full.and.callThrough();
    await expectAsync(recording.add(part('three'))).toBeRejected();
    await recording.end(1_000);
    expect(await (await recording.whole()).text()).toBe('one ');
    expect(recording.isOnDisk()).toBeTrue();
  });

  it('is in memory where the browser keeps no files, and says so', async () => {
    spyOn(navigator.storage, 'getDirectory').and.rejectWith(new DOMException('refused', 'SecurityError'));
    const recording = KeptRecording.begin(ABOUT);
    await recording.add(part('one '));
    await recording.add(part('two'));
    expect(await (await recording.whole()).text()).toBe('one two');
    expect(recording.isOnDisk()).toBeFalse();
  });

  it('does not come back by itself after its place was emptied, as by signing out', async () => {
    const recording = KeptRecording.begin(ABOUT);
    await recording.add(part('one'));
    await forget();
    await expectAsync(recording.add(part('two'))).toBeRejected();
    await recording.end(1_000);
    const names: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
    expect(names).not.toContain('call-recordings');
  });
});
