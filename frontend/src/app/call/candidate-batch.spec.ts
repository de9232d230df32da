import { candidates, readContent } from '#protocol/content';
import { CANDIDATE_BATCH } from '#protocol/limits';
import { CandidateBatch } from './candidate-batch';

const candidate = (number: number) =>
  new RTCIceCandidate({ candidate: `candidate:${number} 1 udp 1 192.0.2.1 9 typ host`, sdpMid: '0' });

describe('CandidateBatch', () => {
  let sent: string[][];
  let batch: CandidateBatch;

  beforeEach(() => {
    jasmine.clock().install();
    sent = [];
    batch = new CandidateBatch(({ data }) => {
      const read = readContent(candidates, data);
      sent.push(read.ok ? read.value.map(({ candidate }) => candidate) : []);
    });
  });
  afterEach(() => jasmine.clock().uninstall());

  it('sends what was gathered together as one message, in order', () => {
    batch.add(candidate(1));
    batch.add(candidate(2));
    expect(sent).toEqual([]);
    jasmine.clock().tick(1_000);
    expect(sent).toEqual([[candidate(1).candidate, candidate(2).candidate]]);
  });

  it('never makes a batch larger than a frame may hold', () => {
    for (let number = 0; number < CANDIDATE_BATCH + 1; number++) batch.add(candidate(number));
    jasmine.clock().tick(1_000);
    expect(sent.map(({ length }) => length)).toEqual([CANDIDATE_BATCH, 1]);
  });

  it('forwards the empty candidate and sends no null', () => {
    batch.add(null);
    batch.add(new RTCIceCandidate({ candidate: '', sdpMid: '0' }));
    jasmine.clock().tick(1_000);
    expect(sent).toEqual([['']]);
  });

  it('forgets what waits when it is cleared', () => {
    batch.add(candidate(1));
    batch.clear();
    batch.flush();
    jasmine.clock().tick(1_000);
    expect(sent).toEqual([]);
  });
});
