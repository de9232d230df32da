import { type LinkSample, sampleOf } from './link-sample';

const reportOf = (qualityLimitationReason: string, framesPerSecond = 30, reportedAt = 99_000) =>
  new Map<string, object>([
    ['T', { id: 'T', type: 'transport', timestamp: 100_000, selectedCandidatePairId: 'P' }],
    [
      'P',
      {
        id: 'P',
        type: 'candidate-pair',
        currentRoundTripTime: 0.05,
        availableOutgoingBitrate: 9,
        localCandidateId: 'L',
      },
    ],
    ['L', { id: 'L', type: 'local-candidate', candidateType: 'relay' }],
    ['I', { id: 'I', type: 'inbound-rtp', kind: 'audio', packetsReceived: 7, packetsLost: 1, jitter: 0.03 }],
    ['J', { id: 'J', type: 'inbound-rtp', kind: 'video', packetsReceived: 20, packetsLost: 2, jitter: 0.4 }],
    ['O', { id: 'O', type: 'outbound-rtp', kind: 'video', qualityLimitationReason, framesPerSecond, bytesSent: 900 }],
    ['A', { id: 'A', type: 'outbound-rtp', kind: 'audio', bytesSent: 100 }],
    ['R', { id: 'R', type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.25, timestamp: reportedAt }],
    ['S', { id: 'S', type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.1, jitter: 0.02, timestamp: 94_000 }],
  ]);

describe('sampleOf', () => {
  it('reads both directions out of a report: what arrives here, and what the peer says that arrives there', () => {
    const expected: LinkSample = {
      at: 5,
      packetsReceived: 27,
      packetsLost: 3,
      jitterMs: 30,
      lostThere: 0.25,
      jitterThereMs: 20,
      roundTripMs: 50,
      sendRate: 9,
      sentSound: 100,
      sentPicture: 900,
      relayed: true,
    };
    expect(sampleOf(reportOf('bandwidth'), 5)).toEqual(expected);
  });

  it('is content with an empty report', () => {
    const { sendRate, relayed, ...counts } = sampleOf(new Map(), 0);
    expect([sendRate, relayed]).toEqual([null, false]);
    expect(new Set(Object.values(counts))).toEqual(new Set([0]));
  });

  it('takes no small picture on a wide network for a weak one', () => {
    expect(sampleOf(reportOf('none'), 5).sendRate).toBeNull();
  });

  it('takes no word of a picture that is paused: neither of the encoder nor the peer’s last report of it', () => {
    expect(sampleOf(reportOf('bandwidth', 0), 5).sendRate).toBeNull();
    expect(sampleOf(reportOf('bandwidth', 0, 89_000), 5).lostThere).toBe(0.1);
  });
});
