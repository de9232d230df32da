import { factsOf, ratesOf } from './link-facts';
import { CLEAR } from './testing/link-trace';

const entries = (...stats: ({ id: string } & Record<string, unknown>)[]): RTCStatsReport =>
  new Map(stats.map(stat => [stat.id, stat]));

const SENT = [
  { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
  { id: 'P', type: 'candidate-pair', localCandidateId: 'L', currentRoundTripTime: 0.182 },
  {
    id: 'V',
    type: 'outbound-rtp',
    kind: 'video',
    frameWidth: 320,
    frameHeight: 180,
    framesPerSecond: 12,
    codecId: 'C',
  },
  { id: 'C', type: 'codec', mimeType: 'video/VP9' },
  { id: 'A', type: 'outbound-rtp', kind: 'audio', codecId: 'D' },
  { id: 'D', type: 'codec', mimeType: 'audio/opus' },
  { id: 'H', type: 'inbound-rtp', kind: 'audio', concealedSamples: 10, totalSamplesReceived: 100 },
] as const;

describe('factsOf', () => {
  const before = { ...CLEAR, at: 0, packetsReceived: 100 };
  const now = { ...CLEAR, at: 2_000, packetsReceived: 198, packetsLost: 2, lostThere: 0.1, sentSound: 6_000 };

  it('says how sound and picture go out, what of them gets lost, and how the sound comes in', () => {
    const direct = { id: 'L', type: 'local-candidate', candidateType: 'host', protocol: 'udp' };
    expect(factsOf(entries(direct, ...SENT), [before, now])).toEqual({
      relayed: false,
      transport: 'udp',
      roundTripMs: 182,
      lostSent: 0.1,
      lostReceived: 0.02,
      picture: { width: 320, height: 180, framesPerSecond: 12, codec: 'VP9' },
      sound: { codec: 'Opus', kbits: 24, concealed: 0.1 },
    });
  });

  it('tells how the relay is reached, not how it goes on from there', () => {
    const relay = { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' };
    const facts = factsOf(entries(relay, ...SENT), [before, { ...now, relayed: true }]);
    expect([facts.relayed, facts.transport]).toEqual([true, 'tls']);
  });

  it('tells of the screen where a camera goes out beside it', () => {
    const camera = {
      id: 'B',
      type: 'outbound-rtp',
      kind: 'video',
      frameWidth: 160,
      frameHeight: 90,
      framesPerSecond: 30,
    };
    for (const stats of [entries(camera, ...SENT), entries(...SENT, camera)])
      expect(factsOf(stats, [before, now]).picture?.width).toBe(320);
  });

  it('knows of no picture where none is sent', () => {
    const facts = factsOf(entries({ id: 'V', type: 'outbound-rtp', kind: 'video', framesPerSecond: 0 }), []);
    expect(facts.picture).toBeNull();
    expect(facts.lostReceived).toBe(0);
  });
});

describe('ratesOf', () => {
  it('makes kbit/s of what was sent between two samples, and nothing of a counter that began again', () => {
    const rates = ratesOf([
      CLEAR,
      { ...CLEAR, at: 2_000, sentSound: 8_000, sentPicture: 250_000 },
      { ...CLEAR, at: 4_000, sentSound: 1_000, sentPicture: 250_000 },
    ]);
    expect(rates).toEqual([
      { at: 2_000, sound: 32, picture: 1_000 },
      { at: 4_000, sound: 0, picture: 0 },
    ]);
  });
});
