import { EnvironmentInjector, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { isInCall, linkWanted, phaseOf } from '#protocol/call-client-state';
import { type FromSeat, isSeatFrame } from '#protocol/call-frames';
import { description, readContent, writeContent } from '#protocol/content';
import { type SeatSaid } from '#protocol/crypto/seat-plaintext';
import { type CallId, type DeviceAddress } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { marked } from './testing/marked-seal';
import { type CallPage, Switchboard } from './testing/switchboard';
import { until } from './testing/until';

const SECOND = 'a=fingerprint:sha-256 ' + Array.from({ length: 32 }, () => '11').join(':');

describe('Calls, sealed', () => {
  let board: Switchboard;
  let anna: CallPage;
  let ben: CallPage;
  let set: string[];
  let connections: RTCPeerConnection[];

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
    set = [];
    connections = [];
    const Real = RTCPeerConnection;
    spyOn(window, 'RTCPeerConnection').and.callFake(function (configuration?: RTCConfiguration) {
      const connection = new Real(configuration);
      connections.push(connection);
      const setRemote = connection.setRemoteDescription.bind(connection);
      connection.setRemoteDescription = one => {
        set.push(one.sdp ?? '');
        return setRemote(one);
      };
      return connection;
    });
    board = new Switchboard();
    anna = board.open(TestBed.inject(EnvironmentInjector), 1);
    ben = board.open(TestBed.inject(EnvironmentInjector), 2);
  });
  afterEach(() => board.close());

  const stateOf = (page: CallPage) => phaseOf(page.call.state());
  const reasonOf = (page: CallPage) => {
    const call = page.call.state();
    return call.state === 'idle' ? call.last?.reason : undefined;
  };
  const ring = async () => {
    anna.call.place(ben.seat.userId, 'audio');
    await until('ben rings', () => stateOf(ben) === 'incoming');
  };
  const connect = async () => {
    await ring();
    await ben.call.answer({ type: 'accept', media: 'audio' });
    await until('both connected', () => stateOf(anna) === 'connected' && stateOf(ben) === 'connected');
    await until('their media states', () => ben.link.peer() !== null && anna.link.peer() !== null);
  };
  const callId = (): CallId => {
    const call = anna.call.state();
    if (!isInCall(call)) throw new Error('not in a call');
    return call.callId;
  };
  const peerState = (microphone: 'on' | 'muted') => writeContent({ microphone, video: 'none' });
  const frameOf = (said: Pick<FromSeat, 'type' | 'link'>, data: string): FromSeat => ({
    ...said,
    data,
    callId: callId(),
    senderId: anna.seat.userId,
    receiverId: ben.seat.userId,
    deviceId: anna.seat.deviceId,
  });
  /** What an app says that holds to nothing. */
  const sealedBy = (from: DeviceAddress, said: SeatSaid): FromSeat => frameOf(said, marked(from, ben.seat, said));
  /** Ben hears it, and behind it something honest, which shows that it was looked at. */
  const hears = async (...frames: FromSeat[]) => {
    for (const frame of frames) ben.signaling.heard.next(frame);
    const microphone = ben.link.peer()?.microphone === 'on' ? 'muted' : 'on';
    ben.signaling.heard.next(
      sealedBy(anna.seat, {
        type: 'call.media-state',
        callId: callId(),
        link: 1,
        data: peerState(microphone),
      }),
    );
    await until('what comes behind it', () => ben.link.peer()?.microphone === microphone);
  };
  /** One more offer of Anna's, changed. */
  const offerOf = (change: (sdp: string) => string) => {
    const sdp = change(connections[0]?.localDescription?.sdp ?? '');
    return writeContent({ type: 'offer', sdp, round: 9 });
  };

  it('CA36a: say nothing between their seats that anybody else reads', async () => {
    await connect();
    const said = [...anna.signaling.sent, ...ben.signaling.sent].filter(frame => isSeatFrame(frame));
    expect(new Set(said.map(({ type }) => type))).toEqual(
      new Set(['call.offer', 'call.answer', 'call.ice-candidate', 'call.media-state']),
    );
    for (const { data } of said) expect(readContent(description, data).ok).toBeFalse();
  });

  it('CA36b: act on nothing that is plain, of another device, of another call, link or type, or said before', async () => {
    await connect();
    const before = set.length;
    const [call, link] = [callId(), 1];
    const muted = { type: 'call.media-state', callId: call, link, data: peerState('muted') } as const;
    const offer = { type: 'call.offer', callId: call, link, data: offerOf(sdp => sdp) } as const;
    const tablet = { ...anna.seat, deviceId: anId<DeviceAddress['deviceId']>('tablet') };
    const other = anId<CallId>(crypto.randomUUID());
    const replayed = anna.signaling.sent.find(({ type }) => type === 'call.offer') as SeatSaid;
    await hears(
      frameOf(offer, offer.data),
      frameOf(muted, muted.data),
      frameOf({ ...offer, link: 2 }, offer.data),
      sealedBy(tablet, offer),
      { ...sealedBy(tablet, offer), deviceId: tablet.deviceId },
      { ...sealedBy(anna.seat, offer), senderId: anId('somebody') },
      frameOf(offer, marked(anna.seat, ben.seat, { ...offer, callId: other })),
      frameOf({ ...offer, link: 2 }, marked(anna.seat, ben.seat, offer)),
      frameOf(offer, marked(anna.seat, ben.seat, { ...offer, type: 'call.answer' })),
      frameOf(offer, marked(anna.seat, tablet, offer)),
      frameOf(offer, replayed.data),
    );
    expect(set.length).withContext('descriptions that were set').toBe(before);
    expect(linkWanted(ben.call.state())?.link).withContext('a link that nobody has asked for').toBe(1);
    expect(stateOf(ben)).toBe('connected');
  });

  it('CA36c: are opened and sealed in their order, whichever the machine is done with first', async () => {
    // The first thing that is said or heard takes the longest.
    for (const { seal } of [anna, ben]) {
      let turn = 0;
      seal.slow = () => new Promise(resolve => setTimeout(resolve, turn++ % 2 === 0 ? 20 : 0));
    }
    await connect();
    const types = anna.signaling.sent.map(({ type }) => type);
    expect(types.indexOf('call.offer')).toBeLessThan(types.indexOf('call.ice-candidate'));
    anna.media.toggleMute();
    anna.media.toggleMute();
    anna.media.toggleMute();
    await until('ben has heard the last of them', () => ben.link.peer()?.microphone === 'muted');
  });

  it('CA36d: are not placed where they cannot be sealed, and say why', async () => {
    anna.seal.refuses = 'identity-changed';
    anna.call.place(ben.seat.userId, 'audio');
    await until('it says why', () => reasonOf(anna) === 'identity-changed');
    expect(anna.signaling.sent).toEqual([]);
    expect(connections).toEqual([]);
  });

  it('CA36d: are not answered where they cannot be sealed, say why, and ring on', async () => {
    await ring();
    ben.seal.refuses = 'own-identity-changed';
    await ben.call.answer({ type: 'accept', media: 'audio' });
    expect(ben.call.unanswerable()?.reason).toBe('own-identity-changed');
    expect(stateOf(ben)).toBe('incoming');
    expect(ben.signaling.sent).toEqual([]);
    ben.seal.refuses = null;
    await ben.call.answer({ type: 'accept', media: 'audio' });
    await until('both connected', () => stateOf(anna) === 'connected' && stateOf(ben) === 'connected');
  });

  it('CA36d: end in words where the device that has answered has no keys that count', async () => {
    await ring();
    anna.seal.refuses = 'no-keys';
    await ben.call.answer({ type: 'accept', media: 'audio' });
    await until('anna reads why', () => reasonOf(anna) === 'no-keys');
    await until('ben is free', () => stateOf(ben) === 'idle');
    expect(anna.signaling.sent.some(frame => isSeatFrame(frame))).toBeFalse();
    expect(set).toEqual([]);
  });

  it('go on where the machine refuses or fails once they are up', async () => {
    await connect();
    anna.seal.refuses = 'identity-changed';
    anna.media.toggleMute();
    anna.seal.refuses = null;
    anna.media.toggleMute();
    await until('ben hears', () => ben.link.peer()?.microphone === 'on');
    expect(stateOf(anna)).toBe('connected');
  });

  it('CA37a: have one certificate for all links of a call, and another one in the next', async () => {
    await connect();
    ben.call.dispatch({ type: 'link-broken', callId: callId(), deviceId: anna.seat.deviceId, link: 1 });
    await until('both on the second link', () =>
      [anna, ben].every(page => stateOf(page) === 'connected' && linkWanted(page.call.state())?.link === 2),
    );
    anna.call.leave();
    await until('both free', () => stateOf(anna) === 'idle' && stateOf(ben) === 'idle');
    await connect();
    const printsOf = (from: number) =>
      connections.slice(from).map(({ localDescription }) => /a=fingerprint:.*/.exec(localDescription?.sdp ?? '')?.[0]);
    const [annas, bens, annas2, bens2, annasNext, bensNext] = printsOf(0);
    expect(annas).toBeDefined();
    expect(new Set([annas, bens, annasNext, bensNext]).size).toBe(4);
    expect([annas, bens].sort()).toEqual([annas2, bens2].sort());
  });

  const changes: Record<string, (sdp: string) => string> = {
    'another fingerprint': sdp => sdp.replace(/a=fingerprint:.*/g, SECOND),
    'two fingerprints': sdp => sdp.replace(/(a=fingerprint:.*)/, `$1\r\n${SECOND}`),
    'one by SHA-1': sdp => sdp.replace(/a=fingerprint:sha-256 ((..:){19}..).*/g, 'a=fingerprint:sha-1 $1'),
    none: sdp => sdp.replace(/a=fingerprint:.*\r\n/g, ''),
  };
  for (const [name, change] of Object.entries(changes))
    it(`CA37b: end in words where a seat shows ${name} in a later offer`, async () => {
      await connect();
      const before = set.length;
      const data = offerOf(change);
      ben.signaling.heard.next(sealedBy(anna.seat, { type: 'call.offer', callId: callId(), link: 1, data }));
      await until('ben reads why', () => reasonOf(ben) === 'certificate-changed');
      expect(set.length).toBe(before);
      await until('anna is free', () => stateOf(anna) === 'idle');
    });
});
