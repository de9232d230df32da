import { type LinkMessage } from './link-message';
import { LinkPair, fragmentOf, total } from './testing/link-pair';
import { until } from './testing/until';

const candidatesOf = (messages: LinkMessage[]) => messages.filter(({ type }) => type === 'call.ice-candidate');
const offersOf = (messages: LinkMessage[]) => messages.filter(({ type }) => type === 'call.offer');

describe('Link', () => {
  let pair: LinkPair;
  let camera: MediaStream;

  beforeAll(async () => {
    camera = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
  });
  afterAll(() => camera.getTracks().forEach(track => track.stop()));
  beforeEach(() => (pair = new LinkPair()));
  afterEach(() => pair.close());

  const seesPicture = async (end: 'caller' | 'callee') => {
    const before = await total(pair[end].link, 'inbound-rtp', 'video', 'framesDecoded');
    await pair.flushUntil(
      `${end} sees frames`,
      async () => (await total(pair[end].link, 'inbound-rtp', 'video', 'framesDecoded')) > before,
    );
  };

  it('says nothing before the call is accepted, whatever arrives', async () => {
    const other = new LinkPair();
    other.caller.link.release();
    const offer = await other.take(other.caller, 'call.offer');
    for (const message of offer) await pair.caller.link.receive(message);
    await until('the held offer is wanted', () => pair.caller.link.sender('video') !== undefined);
    expect(pair.caller.said).toEqual([]);
    other.close();
  });

  it('carries sound and picture both ways, and only the caller offers', async () => {
    const [sound, picture] = [camera.getAudioTracks()[0]!, camera.getVideoTracks()[0]!];
    for (const { link } of [pair.caller, pair.callee]) {
      await link.sendTrack('audio', sound);
      await link.sendTrack('video', picture);
    }
    pair.caller.link.release();
    await pair.connect();
    await seesPicture('caller');
    await seesPicture('callee');
    for (const end of ['caller', 'callee'] as const) {
      await until(
        `${end} hears`,
        async () => (await total(pair[end].link, 'inbound-rtp', 'audio', 'bytesReceived')) > 0,
      );
      expect([...pair[end].received.keys()].sort()).toEqual(['audio', 'video']);
      expect(pair[end].reports).not.toContain('broken');
    }
    expect(offersOf(pair.callee.said)).toEqual([]);
  });

  it('CA44b sends a camera beside the screen in a section of its own, from either end, and again without negotiating', async () => {
    const picture = camera.getVideoTracks()[0]!;
    pair.caller.link.release();
    await pair.connect();
    // Both at once: one of the two offers is rolled back and made again.
    for (const { link } of [pair.caller, pair.callee]) void link.sendBeside(picture);
    for (const end of ['caller', 'callee'] as const) {
      await pair.flushUntil(`${end} sees what is beside`, () => pair[end].received.has('beside'));
      await seesPicture(end);
      expect(pair[end].received.get('video')).not.toBe(pair[end].received.get('beside'));
    }
    for (const { link } of [pair.caller, pair.callee]) await link.sendBeside(null);
    for (const { said } of [pair.caller, pair.callee]) said.splice(0);
    await pair.callee.link.sendBeside(picture);
    await seesPicture('caller');
    expect([...offersOf(pair.caller.said), ...offersOf(pair.callee.said)]).toEqual([]);
    expect([...pair.caller.reports, ...pair.callee.reports]).not.toContain('broken');
  });

  it('CA44b sends a camera beside the screen on a link that is built meanwhile, and the peer knows the two apart', async () => {
    const picture = camera.getVideoTracks()[0]!;
    for (const { link } of [pair.caller, pair.callee]) {
      void link.sendTrack('video', picture);
      void link.sendBeside(picture);
    }
    pair.caller.link.release();
    for (const end of ['caller', 'callee'] as const) {
      await pair.flushUntil(
        `${end} sees both`,
        () => pair[end].received.has('beside') && pair[end].received.has('video'),
      );
      const ids = [...pair[end].received.values()].map(({ id }) => id);
      expect(new Set(ids).size).toBe(3);
    }
    await pair.connect();
    await seesPicture('caller');
    await seesPicture('callee');
  });

  it('fills and empties its senders by replaceTrack, without negotiating', async () => {
    pair.caller.link.release();
    await pair.connect();
    await pair.callee.link.sendTrack('video', camera.getVideoTracks()[0]!);
    await seesPicture('caller');
    await pair.callee.link.sendTrack('video', null);
    expect(pair.callee.link.sender('video')?.track).toBeNull();
    await pair.callee.link.sendTrack('video', camera.getVideoTracks()[0]!);
    await seesPicture('caller');
    expect(offersOf([...pair.caller.said, ...pair.callee.said])).toEqual([]);
  });

  it('shows a muted microphone at the track that is sent', async () => {
    const microphone = camera.getAudioTracks()[0]!.clone();
    await pair.caller.link.sendTrack('audio', microphone);
    microphone.enabled = false;
    expect(pair.caller.link.sender('audio')?.track?.enabled).toBeFalse();
    microphone.stop();
  });

  it('keeps candidates that come before their description, in order', async () => {
    const added: { candidate: string | undefined; taken: boolean }[] = [];
    const add = RTCPeerConnection.prototype.addIceCandidate;
    spyOn(RTCPeerConnection.prototype, 'addIceCandidate').and.callFake(async function (this: RTCPeerConnection, init) {
      const entry = { candidate: init?.candidate, taken: false };
      added.push(entry);
      await (Reflect.apply(add, this, [init]) as Promise<void>);
      entry.taken = true;
    });
    pair.caller.link.release();
    const offer = await pair.take(pair.caller, 'call.offer');
    await until('candidates', () => candidatesOf(pair.caller.said).length > 0);
    // A link between two pages of one browser comes up without these: so it is looked at what becomes of each.
    const lines = [9_001, 9_002, 9_003].map(port => `candidate:${port} 1 udp 2122260223 192.0.2.7 ${port} typ host`);
    for (const candidate of lines) {
      await pair.callee.link.receive({
        type: 'call.ice-candidate',
        data: JSON.stringify([{ candidate, sdpMid: '0', sdpMLineIndex: 0 }]),
      });
    }
    expect(added).toEqual([]);
    for (const message of offer) await pair.callee.link.receive(message);
    await until('all are taken', () => added.filter(({ taken }) => taken).length === lines.length);
    expect(added.map(({ candidate }) => candidate)).toEqual(lines);
    await pair.connect();
  });

  it('takes candidates that come late', async () => {
    pair.caller.link.release();
    const late: LinkMessage[] = [];
    const described = () => [pair.caller, pair.callee].every(end => end.reports.includes('negotiated'));
    await until('both descriptions', async () => {
      for (const end of [pair.caller, pair.callee]) late.push(...candidatesOf(end.said));
      for (const end of [pair.caller, pair.callee]) {
        end.said.splice(0, end.said.length, ...end.said.filter(({ type }) => type !== 'call.ice-candidate'));
      }
      await pair.flush();
      return described();
    });
    await until(
      'all candidates',
      () => candidatesOf(pair.callee.said).length + candidatesOf(pair.caller.said).length > 0 || late.length > 1,
    );
    for (const message of late) await Promise.all([pair.caller, pair.callee].map(({ link }) => link.receive(message)));
    await pair.connect();
  });

  it('survives candidates that are unknown, malformed, or come after the end', async () => {
    pair.caller.link.release();
    await pair.take(pair.caller, 'call.offer').then(async said => {
      for (const message of said) await pair.callee.link.receive(message);
    });
    const line = 'candidate:1 1 udp 2122260223 192.0.2.7 9 typ host';
    const odd = [
      [{ candidate: '', sdpMid: '0', sdpMLineIndex: 0 }],
      [{ candidate: line, sdpMid: '0', usernameFragment: 'nobody' }],
      [{ candidate: line, sdpMid: 'no such section' }],
      [{ candidate: 'candidate:nonsense', sdpMid: '0' }],
      [{ candidate: line, sdpMid: null, sdpMLineIndex: null }],
    ];
    for (const batch of odd) {
      await pair.callee.link.receive({ type: 'call.ice-candidate', data: JSON.stringify(batch) });
    }
    await pair.connect();
    expect(pair.callee.reports).not.toContain('broken');
  });

  it('settles glare, whichever offer arrives first', async () => {
    pair.caller.link.release();
    await pair.connect();
    for (const first of ['caller', 'callee'] as const) {
      const second = first === 'caller' ? 'callee' : 'caller';
      pair.caller.link.restart();
      pair.callee.link.restart();
      const offers = {
        caller: await pair.take(pair.caller, 'call.offer'),
        callee: await pair.take(pair.callee, 'call.offer'),
      };
      for (const message of offers[first]) await pair[second].link.receive(message);
      for (const message of offers[second]) await pair[first].link.receive(message);
      await pair.flushUntil('no offer left', () => pair.caller.said.length + pair.callee.said.length === 0);
      await pair.connect();
      expect(pair.caller.reports).not.toContain('broken');
      expect(pair.callee.reports).not.toContain('broken');
    }
  });

  it('restarts ICE from either end', async () => {
    pair.caller.link.release();
    await pair.connect();
    for (const end of ['caller', 'callee'] as const) {
      const other = end === 'caller' ? 'callee' : 'caller';
      // Each end has fragments of its own, so a restart is a change of both.
      const [own, others] = [pair[end].fragments.at(-1), pair[other].fragments.at(-1)];
      expect(own).toBeDefined();
      expect(others).toBeDefined();
      pair[end].link.restart();
      const said = await pair.take(pair[end], 'call.offer');
      expect(fragmentOf(said.at(-1)!)).not.toBe(own);
      const before = pair[end].reports.length;
      pair[end].said.unshift(...said);
      await pair.flushUntil('negotiated again', () => pair[end].reports.length > before);
      expect(pair[other].fragments.at(-1)).not.toBe(others);
      await pair.connect();
    }
  });

  it('tries again with other servers while it is not up, and leaves a link that is up alone', async () => {
    pair.caller.link.release();
    const described = await pair.take(pair.caller, 'call.offer');
    for (const message of described) await pair.callee.link.receive(message);
    for (const message of await pair.take(pair.callee, 'call.answer')) await pair.caller.link.receive(message);
    pair.caller.link.configure({});
    const again = await pair.take(pair.caller, 'call.offer');
    expect(fragmentOf(again.at(-1)!)).not.toBe(fragmentOf(described.at(-1)!));
    pair.caller.said.unshift(...again);
    await pair.connect();
    pair.caller.link.configure({});
    pair.caller.link.restart();
    const third = (await pair.take(pair.caller, 'call.offer')).at(-1)!;
    expect(JSON.parse(third.data)).toEqual(jasmine.objectContaining({ type: 'offer', round: 3 }));
  });

  it('CA28b: says again what was lost: an offer, and an answer', async () => {
    pair.caller.link.release();
    await pair.take(pair.caller, 'call.offer');
    pair.caller.said.splice(0);
    pair.caller.link.signalingReturned();
    for (const message of await pair.take(pair.caller, 'call.offer')) await pair.callee.link.receive(message);
    await pair.take(pair.callee, 'call.answer');
    pair.callee.said.splice(0);
    pair.callee.link.signalingReturned();
    pair.caller.link.signalingReturned();
    await pair.connect();
  });

  it('CA28a: drops the answer to an offer it has rolled back', async () => {
    pair.caller.link.release();
    await pair.connect();
    pair.caller.link.restart();
    for (const message of await pair.take(pair.caller, 'call.offer')) await pair.callee.link.receive(message);
    const stale = await pair.take(pair.callee, 'call.answer');
    pair.caller.link.restart();
    const fresh = await pair.take(pair.caller, 'call.offer');
    const reports = pair.caller.reports.length;
    for (const message of stale) await pair.caller.link.receive(message);
    expect(pair.caller.reports.length).toBe(reports);
    for (const message of fresh) await pair.callee.link.receive(message);
    await pair.flushUntil('the fresh answer', () => pair.caller.reports.length > reports);
    await pair.connect();
    expect(pair.caller.reports).not.toContain('broken');
  });

  it('CA23b: leaves a healthy link alone when signaling has come back', async () => {
    pair.caller.link.release();
    await pair.connect();
    pair.caller.link.signalingReturned();
    pair.callee.link.signalingReturned();
    pair.caller.link.restart();
    const offer = (await pair.take(pair.caller, 'call.offer')).at(-1)!;
    expect(JSON.parse(offer.data)).toEqual(jasmine.objectContaining({ type: 'offer', round: 2 }));
    expect(offersOf(pair.callee.said)).toEqual([]);
  });

  it('lets a callee that has never answered wait', async () => {
    pair.callee.link.signalingReturned();
    pair.callee.link.restart();
    pair.caller.link.release();
    await pair.connect();
    expect(offersOf(pair.callee.said)).toEqual([]);
  });

  it('shrugs at hostile messages and reports a description that cannot be set', async () => {
    const many = { type: 'offer', sdp: `v=0\r\n${'m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(50)}`, round: 1 };
    for (const data of ['', 'null', '{"type":"offer"}', '[]', JSON.stringify(many)]) {
      await pair.callee.link.receive({ type: 'call.offer', data });
      await pair.callee.link.receive({ type: 'call.ice-candidate', data });
      await pair.callee.link.receive({ type: 'call.answer', data });
    }
    expect(pair.callee.reports).toEqual([]);
    await pair.callee.link.receive({ type: 'call.offer', data: JSON.stringify({ type: 'offer', sdp: 'x', round: 1 }) });
    expect(pair.callee.reports).toEqual(['broken']);
  });

  it('falls silent when it is closed, and lets go of what it held', async () => {
    await pair.caller.link.sendTrack('video', camera.getVideoTracks()[0]!);
    pair.caller.link.release();
    await pair.connect();
    const { link, said } = pair.caller;
    const reports = pair.caller.reports.length;
    link.close();
    said.splice(0);
    link.restart();
    await link.receive({ type: 'call.offer', data: JSON.stringify({ type: 'offer', sdp: '', round: 1 }) });
    expect(await link.stats()).toBeUndefined();
    expect(said).toEqual([]);
    expect(pair.caller.reports.length).toBe(reports);
    expect(camera.getVideoTracks()[0]?.readyState).toBe('live');
  });
});
