import { EnvironmentInjector, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { isInCall, linkWanted, phaseOf } from '#protocol/call-client-state';
import { type CallPage, Switchboard } from './testing/switchboard';
import { until } from './testing/until';
import { total } from './testing/link-pair';

describe('Call', () => {
  let board: Switchboard;
  let anna: CallPage;
  let ben: CallPage;
  let captured: MediaStreamTrack[];
  let connections: RTCPeerConnection[];

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
    captured = [];
    connections = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    spyOn(navigator.mediaDevices, 'getUserMedia').and.callFake(async constraints => {
      const stream = await ask(constraints);
      captured.push(...stream.getTracks());
      return stream;
    });
    const Real = RTCPeerConnection;
    spyOn(window, 'RTCPeerConnection').and.callFake(function (configuration?: RTCConfiguration) {
      const connection = new Real(configuration);
      connections.push(connection);
      return connection;
    });
    board = new Switchboard();
    anna = board.open(TestBed.inject(EnvironmentInjector), 1);
    ben = board.open(TestBed.inject(EnvironmentInjector), 2);
  });
  afterEach(() => board.close());

  const stateOf = (page: CallPage) => phaseOf(page.call.state());
  const both = (state: string) => stateOf(anna) === state && stateOf(ben) === state;
  const connect = async (media: 'audio' | 'video' = 'video') => {
    anna.call.place(ben.seat.userId, media);
    await until('ben rings', () => stateOf(ben) === 'incoming');
    await ben.call.answer({ type: 'accept', media });
    await until('both connected', () => both('connected'));
  };
  const hangUp = async () => {
    anna.call.leave();
    await until('both idle', () => both('idle'));
  };
  const moves = (page: CallPage) =>
    until('the picture moves', async () => {
      const link = page.link.link();
      return link !== null && (await total(link, 'inbound-rtp', 'video', 'framesDecoded')) > 2;
    });

  it('captures nothing at the callee, and lets nothing leave either end, before the call is accepted', async () => {
    anna.call.place(ben.seat.userId, 'video');
    await until('ben rings', () => stateOf(ben) === 'incoming');
    await until('anna has her camera and her link', () => captured.length === 2 && anna.link.link() !== null);
    expect(ben.media.local().camera.is).toBe('off');
    expect(ben.media.local().microphone.is).toBe('off');
    expect(connections.length).toBe(1);
    expect(anna.signaling.sent.map(({ type }) => type)).toEqual(['call.invite']);
    expect(ben.signaling.sent).toEqual([]);
    await hangUp();
  });

  it('CA11a: places a call once the page that has just opened has its session', async () => {
    anna.signaling.live.set({ is: 'connecting' });
    anna.call.place(ben.seat.userId, 'audio');
    TestBed.tick();
    expect(anna.call.state()).toEqual({ state: 'idle', last: null });
    anna.signaling.live.set({ is: 'live' });
    await until('ben rings', () => stateOf(ben) === 'incoming');
    await hangUp();
  });

  it('CA11a: ends a call in words where no session comes, and forgets it where the person signs out', async () => {
    anna.signaling.live.set({ is: 'connecting' });
    anna.call.place(ben.seat.userId, 'audio');
    anna.signaling.live.set({ is: 'waiting', retryAt: 0, restarting: false });
    await until('it says why', () => {
      const call = anna.call.state();
      return call.state === 'idle' && call.last?.reason === 'offline';
    });
    anna.call.dispatch({ type: 'dismiss' });
    anna.signaling.live.set({ is: 'connecting' });
    anna.call.place(ben.seat.userId, 'audio');
    anna.signaling.live.set({ is: 'off' });
    TestBed.tick();
    anna.signaling.live.set({ is: 'live' });
    TestBed.tick();
    expect(anna.call.state()).toEqual({ state: 'idle', last: null });
    expect(anna.signaling.sent).toEqual([]);
  });

  it('shows each the other, and tells each what the other sends', async () => {
    await connect();
    await moves(anna);
    await moves(ben);
    await until('media states', () => anna.link.peer()?.video === 'camera' && ben.link.peer()?.microphone === 'on');
    expect(connections.length).toBe(2);
    await hangUp();
  });

  it('mutes the track that is sent, and says so', async () => {
    await connect();
    // Before anything is captured it is said to be muted, too.
    await until('ben is told of a microphone', () => ben.link.peer()?.microphone === 'on');
    anna.media.toggleMute();
    await until('ben knows', () => ben.link.peer()?.microphone === 'muted');
    expect(anna.link.link()?.sender('audio')?.track?.enabled).toBeFalse();
    anna.media.toggleMute();
    await until('ben knows again', () => ben.link.peer()?.microphone === 'on');
    expect(anna.link.link()?.sender('audio')?.track?.enabled).toBeTrue();
    await hangUp();
  });

  it('frees the camera when it is off, and shows it again without negotiating', async () => {
    await connect();
    await until('the camera is sent', () => anna.link.link()?.sender('video')?.track?.readyState === 'live');
    const camera = anna.link.link()?.sender('video')?.track;
    await anna.media.toggleCamera();
    expect(camera?.readyState).toBe('ended');
    await until('ben knows', () => ben.link.peer()?.video === 'none');
    await until('nothing is sent', () => anna.link.link()?.sender('video')?.track === null);
    await anna.media.toggleCamera();
    await until('ben knows again', () => ben.link.peer()?.video === 'camera');
    await moves(ben);
    expect(anna.signaling.sent.filter(({ type }) => type === 'call.offer').length).toBe(1);
    await hangUp();
  });

  it('goes on with another microphone when one goes away, whatever the browser says of its devices', async () => {
    await connect();
    await until('a microphone', () => anna.media.local().microphone.is === 'on');
    const before = anna.link.link()?.sender('audio')?.track;
    captured.find(track => track === before)?.dispatchEvent(new Event('ended'));
    await until('ben is told', () => ben.link.peer()?.microphone === 'muted');
    await until('ben hears again', () => ben.link.peer()?.microphone === 'on');
    expect(anna.link.link()?.sender('audio')?.track).not.toBe(before);
    await hangUp();
  });

  it('says which device the browser asks for, and only while it does', async () => {
    const answers: Record<string, PermissionState> = { microphone: 'granted', camera: 'prompt' };
    spyOn(navigator.permissions, 'query').and.callFake(({ name }) =>
      Promise.resolve(Object.assign(new EventTarget(), { state: answers[name]!, name, onchange: null })),
    );
    await connect('audio');
    await until('a microphone', () => anna.media.local().microphone.is === 'on');
    expect(anna.media.asksFor()).toEqual([]);
    let refuse = () => {};
    const asked = new Promise<MediaStream>((_, reject) => {
      refuse = () => reject(new DOMException('', 'NotAllowedError'));
    });
    (navigator.mediaDevices.getUserMedia as jasmine.Spy).and.returnValue(asked);
    const turned = anna.media.toggleCamera();
    await until('the question', () => anna.media.asksFor().join() === 'camera');
    refuse();
    await turned;
    expect(anna.media.asksFor()).toEqual([]);
    await hangUp();
  });

  it('brings a camera into an audio call', async () => {
    await connect('audio');
    expect(captured.map(({ kind }) => kind)).toEqual(['audio', 'audio']);
    await ben.media.toggleCamera();
    await until('anna knows', () => anna.link.peer()?.video === 'camera');
    await moves(anna);
    await hangUp();
  });

  it('builds another link at both ends under the next number', async () => {
    await connect();
    const call = ben.call.state();
    if (!isInCall(call)) throw new Error('not in a call');
    ben.call.dispatch({ type: 'link-broken', callId: call.callId, deviceId: anna.seat.deviceId, link: 1 });
    await until('both on the second link', () => {
      const now = [anna, ben].map(({ call }) => call.state());
      return now.every(state => phaseOf(state) === 'connected' && linkWanted(state)?.link === 2);
    });
    await moves(anna);
    expect(connections.length).toBe(4);
    expect(connections.filter(({ connectionState }) => connectionState !== 'closed').length).toBe(2);
    await hangUp();
  });

  it('lets both call each other at once', async () => {
    anna.call.place(ben.seat.userId, 'video');
    ben.call.place(anna.seat.userId, 'video');
    await until('both connected', () => both('connected'));
    await moves(anna);
    await moves(ben);
    await hangUp();
  });

  describe('beside another one', () => {
    let cleo: CallPage;
    beforeEach(async () => {
      cleo = board.open(TestBed.inject(EnvironmentInjector), 3);
      await connect();
      await moves(anna);
      cleo.call.place(ben.seat.userId, 'audio');
      await until('it rings beside the call', () => ben.call.waiting() !== null);
    });
    /** What Ben sends on the link to Anna, his first. */
    const toAnna = () => connections[1]?.getSenders().map(({ track }) => track?.kind) ?? [];
    const hold = async () => {
      await ben.call.answer({ type: 'hold-and-accept', media: 'audio' });
      await until('cleo talks', () => stateOf(cleo) === 'connected' && stateOf(ben) === 'connected');
    };

    it('CA35a, CA35b: a held call sends nothing, says so and keeps its link; resumed it sends again', async () => {
      expect(both('connected')).toBeTrue();
      await hold();
      await until('anna knows', () => anna.link.peer()?.held === true);
      expect(anna.link.peer()).toEqual({ microphone: 'muted', video: 'none', held: true });
      await until('nothing is sent to anna', () => toAnna().every(kind => kind === undefined));
      expect(stateOf(anna)).toBe('connected');
      expect(ben.media.local().camera.is).withContext('the camera of an audio call').toBe('off');
      ben.call.dispatch({ type: 'resume' });
      await until('anna sees him again', () => anna.link.peer()?.video === 'camera');
      await until('cleo is on hold', () => cleo.link.peer()?.held === true);
      await until('he sends to anna', () => toAnna().join() === 'audio,video');
      expect(connections.filter(({ connectionState }) => connectionState === 'connected').length).toBe(4);
      ben.call.leave();
      ben.call.dispatch({ type: 'end-held' });
      await until('all are free', () => [anna, ben, cleo].every(page => stateOf(page) === 'idle'));
      await until('all tracks ended', () => captured.every(({ readyState }) => readyState === 'ended'));
      expect(connections.every(({ connectionState }) => connectionState === 'closed')).toBeTrue();
    });

    it('CA27, CA34c: with the held call alone nothing is captured, and a muted microphone comes back muted', async () => {
      ben.media.toggleMute();
      await hold();
      expect(ben.media.local().muted).toBeTrue();
      cleo.call.leave();
      await until('the held call is left', () => stateOf(ben) === 'idle' && ben.call.held() !== null);
      await until('nothing is captured', () => ben.media.local().microphone.is === 'off');
      ben.call.dispatch({ type: 'resume' });
      await until('the microphone is back', () => ben.media.local().microphone.is === 'on');
      expect(ben.media.local().muted).toBeTrue();
      await until('anna knows', () => anna.link.peer()?.held === undefined && anna.link.peer()?.microphone === 'muted');
      await hangUp();
    });
  });

  it('leaves no live track and no peer connection behind after ten calls', async () => {
    for (let round = 0; round < 10; round++) {
      await connect();
      await hangUp();
      await until('all is released', () => anna.link.link() === null && ben.link.link() === null);
    }
    await until('all captures', () => captured.length === 40);
    await until('all tracks ended', () => captured.every(({ readyState }) => readyState === 'ended'));
    expect(connections.length).toBe(20);
    expect(connections.every(({ connectionState }) => connectionState === 'closed')).toBeTrue();
  }, 60_000);
});
