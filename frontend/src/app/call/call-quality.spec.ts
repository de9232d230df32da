import { type LinkSample, nextQuality, type QualityState, sampleOf, UNMEASURED } from './call-quality';

const GOOD: LinkSample = {
  at: 0,
  packetsReceived: 0,
  packetsLost: 0,
  lostThere: 0,
  roundTripMs: 20,
  sendRate: 2_000_000,
  relayed: false,
};

/** Looks `times` in a row, each time with another hundred packets of which `lost` were lost on their way here. */
function look(state: QualityState, sample: Partial<LinkSample>, times = 1, lost = 0): QualityState {
  for (let time = 0; time < times; time++) {
    const packetsReceived = (state.sample?.packetsReceived ?? 0) + 100 - lost;
    const packetsLost = (state.sample?.packetsLost ?? 0) + lost;
    state = nextQuality(state, { ...GOOD, packetsReceived, packetsLost, ...sample });
  }
  return state;
}

describe('nextQuality', () => {
  it('calls a link good that loses nothing', () => {
    expect(look(UNMEASURED, {}).quality).toEqual({ word: 'good', cause: null, relayed: false });
  });

  it('blames our network for what the peer does not get, and the peer’s for what does not get here', () => {
    expect(look(UNMEASURED, { lostThere: 0.2 }).quality).toEqual({ word: 'poor', cause: 'own', relayed: false });
    expect(look(UNMEASURED, {}, 1, 20).quality).toEqual({ word: 'poor', cause: 'theirs', relayed: false });
    expect(look(UNMEASURED, { lostThere: 0.2 }, 1, 20).quality?.cause).toBe('own');
    // What the peer says of our packets is lost with the rest of what the peer sends: we may send less for that.
    expect(look(UNMEASURED, { sendRate: 90_000 }, 1, 20).quality).toEqual(
      jasmine.objectContaining({ cause: 'theirs' }),
    );
    expect(look(UNMEASURED, { sendRate: 90_000 }).quality?.cause).toBe('own');
  });

  it('counts what was lost since the last look', () => {
    const bad = look(UNMEASURED, {}, 1, 50);
    expect(look(bad, {}).quality?.word).toBe('good');
  });

  it('sends less picture after two bad looks, none after two more, and brings it back slowly', () => {
    const once = look(UNMEASURED, { lostThere: 0.2 });
    expect(once.video).toBe('full');
    const twice = look(once, { lostThere: 0.2 });
    expect(twice.video).toBe('smaller');
    const paused = look(twice, { lostThere: 0.2 }, 2);
    expect(paused.video).toBe('paused');
    expect(look(paused, {}, 5).video).toBe('paused');
    expect(look(paused, {}, 6).video).toBe('smaller');
    expect(look(paused, {}, 12).video).toBe('full');
  });

  it('is not moved by one bad look between good ones', () => {
    let state = UNMEASURED;
    for (let round = 0; round < 5; round++) state = look(look(state, { lostThere: 0.2 }), {});
    expect(state.video).toBe('full');
  });

  it('says that media is relayed', () => {
    expect(look(UNMEASURED, { relayed: true }).quality?.relayed).toBeTrue();
  });
});

describe('sampleOf', () => {
  const reportOf = (qualityLimitationReason: string, framesPerSecond = 30) =>
    new Map<string, object>([
      ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P' }],
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
      ['I', { id: 'I', type: 'inbound-rtp', packetsReceived: 7, packetsLost: 1 }],
      ['O', { id: 'O', type: 'outbound-rtp', qualityLimitationReason, framesPerSecond }],
      ['R', { id: 'R', type: 'remote-inbound-rtp', fractionLost: 0.25 }],
    ]);

  it('reads a report, and is content with an empty one', () => {
    expect(sampleOf(reportOf('bandwidth'), 5)).toEqual({
      at: 5,
      packetsReceived: 7,
      packetsLost: 1,
      lostThere: 0.25,
      roundTripMs: 50,
      sendRate: 9,
      relayed: true,
    });
    expect(sampleOf(new Map(), 0)).toEqual({ ...GOOD, roundTripMs: 0, sendRate: null });
  });

  it('takes no small picture on a wide network for a weak one', () => {
    expect(sampleOf(reportOf('none'), 5).sendRate).toBeNull();
  });

  it('takes no word of a picture that is paused', () => {
    expect(sampleOf(reportOf('bandwidth', 0), 5).sendRate).toBeNull();
  });
});
