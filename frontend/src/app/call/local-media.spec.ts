import { besideOf, LocalMedia, type LocalState, mediaStateOf, pictureOf, soundOf } from './local-media';
import { until } from './testing/until';

describe('LocalMedia', () => {
  let states: LocalState[];
  let media: LocalMedia;

  beforeEach(() => {
    localStorage.removeItem('parley.devices');
    states = [];
    media = new LocalMedia(local => states.push(local));
  });
  afterEach(() => {
    media.close();
    localStorage.removeItem('parley.devices');
  });

  const screenOf = (sound: MediaStreamTrack[] = []) => {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    const stream = new MediaStream([...canvas.captureStream(5).getVideoTracks(), ...sound]);
    spyOn(navigator.mediaDevices, 'getDisplayMedia').and.resolveTo(stream);
    return stream.getVideoTracks()[0]!;
  };

  it('captures sound alone for an audio call, and both for a video call', async () => {
    await media.open('audio');
    expect(mediaStateOf(media.state)).toEqual({ microphone: 'on', video: 'none', camera: false });
    await media.cameraOn();
    expect(mediaStateOf(media.state)).toEqual({ microphone: 'on', video: 'camera', camera: false });
  });

  it('mutes the track itself, also one that is captured later', async () => {
    media.mute(true);
    await media.open('audio');
    expect(soundOf(media.state)?.enabled).toBeFalse();
    expect(mediaStateOf(media.state).microphone).toBe('muted');
    media.mute(false);
    expect(soundOf(media.state)?.enabled).toBeTrue();
  });

  it('stops the capture when the camera is off', async () => {
    await media.open('video');
    const camera = pictureOf(media.state);
    media.cameraOff();
    expect(camera?.readyState).toBe('ended');
    expect(pictureOf(media.state)).toBeNull();
  });

  it('stops a track that arrives after its end, or after the camera was switched off again', async () => {
    const given: MediaStreamTrack[] = [];
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    spyOn(navigator.mediaDevices, 'getUserMedia').and.callFake(async constraints => {
      const stream = await real(constraints);
      given.push(...stream.getTracks());
      return stream;
    });
    const on = media.cameraOn();
    media.cameraOff();
    await on;
    const opened = media.open('video');
    media.close();
    await opened;
    expect(given.length).toBe(3);
    expect(given.every(({ readyState }) => readyState === 'ended')).toBeTrue();
  });

  it('says when a device goes away, and captures it again', async () => {
    await media.open('audio');
    soundOf(media.state)?.dispatchEvent(new Event('ended'));
    expect(media.state.microphone).toEqual({ is: 'missing', problem: 'gone' });
    await media.retry('microphone');
    expect(media.state.microphone.is).toBe('on');
  });

  it('captures from a device that is chosen during a call, and from the same in the next call', async () => {
    await media.open('audio');
    const before = soundOf(media.state);
    const used = before?.getSettings().deviceId;
    const all = await navigator.mediaDevices.enumerateDevices();
    const other = all.find(
      ({ kind, deviceId }) => kind === 'audioinput' && deviceId !== used && deviceId !== 'default',
    );
    expect(other).withContext('a second microphone').toBeDefined();
    await media.choose('microphone', other!.deviceId);
    expect(before?.readyState).toBe('ended');
    expect(soundOf(media.state)?.readyState).toBe('live');
    expect(soundOf(media.state)?.getSettings().deviceId).toBe(other!.deviceId);
    media.close();
    media = new LocalMedia(local => states.push(local));
    await media.open('audio');
    expect(soundOf(media.state)?.getSettings().deviceId).toBe(other!.deviceId);
  });

  it('flips by ending the one capture before it begins the other', async () => {
    await media.open('video');
    const before = pictureOf(media.state);
    await media.flip();
    expect(media.state.facing).toBe('environment');
    expect(before?.readyState).toBe('ended');
    expect(pictureOf(media.state)?.readyState).toBe('live');
  });

  it('sends the screen before the camera, and the camera again when sharing ends', async () => {
    await media.open('video');
    const camera = pictureOf(media.state);
    const screen = screenOf();
    await media.shareScreen();
    expect(pictureOf(media.state)).toBe(screen);
    expect(mediaStateOf(media.state).video).toBe('screen');
    screen.dispatchEvent(new Event('ended'));
    expect(pictureOf(media.state)).toBe(camera);
    expect(screen.readyState).toBe('ended');
  });

  it('CA44a sends the camera beside the screen, and a tab’s sound with the microphone’s, which can be muted alone', async () => {
    await media.open('video');
    expect([mediaStateOf(media.state).camera, besideOf(media.state)]).toEqual([false, null]);
    const [camera, microphone] = [pictureOf(media.state), soundOf(media.state)];
    const context = new AudioContext();
    const [tone, tab] = [context.createOscillator(), context.createMediaStreamDestination()];
    tone.connect(tab);
    tone.start();
    const screen = screenOf(tab.stream.getAudioTracks());
    await media.shareScreen();
    expect([mediaStateOf(media.state).camera, besideOf(media.state)]).toEqual([true, camera]);
    const mixed = soundOf(media.state);
    expect(mixed).not.toBe(microphone);
    media.mute(true);
    expect([microphone?.enabled, mediaStateOf(media.state).microphone]).toEqual([false, 'muted']);
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream([mixed!])).connect(analyser);
    const heard = new Float32Array(analyser.fftSize);
    await until('the tab is heard though the microphone is muted', () => {
      analyser.getFloatTimeDomainData(heard);
      return heard.some(sample => Math.abs(sample) > 0.1);
    });
    screen.dispatchEvent(new Event('ended'));
    expect(soundOf(media.state)).toBe(microphone);
    expect(tab.stream.getAudioTracks().map(({ readyState }) => readyState)).toEqual(['ended']);
    await context.close();
  });

  it('CA44a leaves no tab captured that is shared no more when the code for its sound is there', async () => {
    const context = new AudioContext();
    const tab = context.createMediaStreamDestination().stream.getAudioTracks()[0]!;
    screenOf([tab]);
    const sharing = media.shareScreen();
    await until('it is shared', () => media.state.screen !== null);
    media.stopSharing();
    await sharing;
    expect([media.state.tab, tab.readyState]).toEqual([null, 'ended']);
    await context.close();
  });

  it('tells a closed question from a screen that cannot be shared', async () => {
    const spy = spyOn(navigator.mediaDevices, 'getDisplayMedia');
    spy.and.rejectWith(new DOMException('', 'NotAllowedError'));
    expect(await media.shareScreen()).toBeUndefined();
    spy.and.rejectWith(new DOMException('', 'NotReadableError'));
    expect(await media.shareScreen()).toBe('busy');
  });
});
