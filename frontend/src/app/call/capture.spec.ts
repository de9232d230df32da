import { capture, problemOf } from './capture';

const CHOICE = { facing: 'user' } as const;
const failure = (name: string) => Promise.reject<MediaStream>(new DOMException('no', name));

describe('capture', () => {
  let asked: MediaStreamConstraints[];
  let answer: (constraints: MediaStreamConstraints) => Promise<MediaStream>;
  let permission: PermissionState;
  let real: MediaDevices['getUserMedia'];
  const streams: MediaStream[] = [];

  beforeEach(() => {
    asked = [];
    permission = 'granted';
    real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    answer = async constraints => {
      const stream = await real(constraints);
      streams.push(stream);
      return stream;
    };
    spyOn(navigator.mediaDevices, 'getUserMedia').and.callFake(constraints => {
      asked.push(constraints ?? {});
      return answer(constraints ?? {});
    });
    spyOn(navigator.permissions, 'query').and.callFake(() =>
      Promise.resolve(Object.assign(new EventTarget(), { state: permission, name: '', onchange: null })),
    );
  });
  afterEach(() => streams.splice(0).forEach(stream => stream.getTracks().forEach(track => track.stop())));

  it('asks for microphone and camera with one question', async () => {
    const captured = await capture(['microphone', 'camera'], CHOICE);
    expect(asked.length).toBe(1);
    expect(captured.microphone?.ok).toBeTrue();
    expect(captured.camera?.ok).toBeTrue();
  });

  it('asks for a chosen device, and which way to look where none was chosen', async () => {
    await capture(['microphone', 'camera'], { ...CHOICE, microphone: 'one' });
    expect(asked[0]).toEqual(
      jasmine.objectContaining({
        audio: jasmine.objectContaining({ deviceId: { exact: 'one' }, echoCancellation: { ideal: true } }),
        video: jasmine.objectContaining({ facingMode: { ideal: 'user' }, height: { ideal: 720 } }),
      }),
    );
  });

  it('captures from the chosen device that is there where the other one is gone, by whatever error', async () => {
    const all = await navigator.mediaDevices.enumerateDevices();
    const microphone = all.filter(({ kind }) => kind === 'audioinput').at(-1)?.deviceId ?? '';
    for (const name of ['OverconstrainedError', 'NotFoundError']) {
      const given = answer;
      answer = constraints =>
        JSON.stringify(constraints.video).includes('unplugged') ? failure(name) : given(constraints);
      const captured = await capture(['microphone', 'camera'], { ...CHOICE, microphone, camera: 'unplugged' });
      if (!captured.microphone?.ok || !captured.camera?.ok) return fail('nothing was captured');
      expect(captured.microphone.track.getSettings().deviceId).toBe(microphone);
      answer = given;
    }
  });

  it('takes any camera rather than none when its wishes cannot be met', async () => {
    const given = answer;
    answer = constraints => (constraints.video === true ? given(constraints) : failure('OverconstrainedError'));
    const captured = await capture(['camera'], CHOICE);
    expect(captured.camera?.ok).toBeTrue();
  });

  it('joins with the microphone alone where there is no camera', async () => {
    const given = answer;
    answer = constraints => (constraints.video === false ? given(constraints) : failure('NotFoundError'));
    const captured = await capture(['microphone', 'camera'], CHOICE);
    expect(captured.microphone?.ok).toBeTrue();
    expect(captured.camera).toEqual({ ok: false, problem: 'absent' });
  });

  it('asks somebody who refuses twice, and not a third time', async () => {
    permission = 'prompt';
    answer = () => failure('NotAllowedError');
    const captured = await capture(['microphone', 'camera'], CHOICE);
    expect(captured.microphone).toEqual({ ok: false, problem: 'refused' });
    expect(captured.camera).toEqual({ ok: false, problem: 'refused' });
    expect(asked.length).toBe(2);
  });

  it('names what went wrong', () => {
    const names = ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'TypeError'];
    const problems = names.map(name => problemOf(new DOMException('', name)));
    expect(problems).toEqual(['refused', 'absent', 'busy', 'unknown']);
    expect(problemOf('nonsense')).toBe('unknown');
  });
});
