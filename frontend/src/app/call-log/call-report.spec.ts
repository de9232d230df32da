import { type Outcome } from '#protocol/call-client-state';
import { anId } from '#protocol/testing/ids';
import { badWeather, beginTally, type Glance, reportOf, usualWeather, withGlance, withLink } from './call-report';

const outcome: Outcome = {
  callId: anId('c'),
  peerId: anId('p'),
  media: 'video',
  reason: 'hung-up',
  wasOutgoing: true,
  connectedAt: 1_000,
  endedAt: 61_000,
};
const good: Glance = { word: 'good', cause: null, relayed: false, paused: false, forMs: 2_000 };

describe('a call report', () => {
  it('says which weather there was most of the time, for how long it was bad and why', () => {
    let tally = beginTally(outcome.callId);
    for (let look = 0; look < 3; look++) tally = withGlance(tally, good);
    tally = withGlance(tally, { ...good, word: 'weak', cause: 'own', relayed: true, paused: true });
    tally = withGlance(tally, { ...good, word: 'very-weak', cause: 'own', relayed: true });
    const report = reportOf(tally, outcome, 5);
    expect(usualWeather(report)).toBe('good');
    expect(badWeather(report)).toEqual({ forMs: 4_000, cause: 'own' });
    expect([report.relayed, report.pausedMs, report.lastedMs, report.end, report.at]).toEqual([
      true,
      2_000,
      60_000,
      'hung-up',
      5,
    ]);
  });

  it('counts the interruptions and keeps the longest, the one in which the call ended among them', () => {
    let tally = beginTally(outcome.callId);
    tally = withLink(tally, true, 1_000);
    tally = withLink(withLink(tally, false, 2_000), false, 3_000);
    tally = withLink(withLink(tally, true, 9_000), false, 20_000);
    tally = withLink(withLink(tally, true, 21_000), false, 31_000);
    const report = reportOf(tally, { ...outcome, reason: 'connection-lost' }, 5);
    expect([report.gaps, report.longestGapMs]).toEqual([3, 30_000]);
    expect('downSince' in report).toBeFalse();
  });

  it('knows of no weather in a call that was over at once', () => {
    const report = reportOf(beginTally(outcome.callId), { ...outcome, connectedAt: null }, 5);
    expect([usualWeather(report), report.lastedMs]).toEqual([undefined, 0]);
  });
});
