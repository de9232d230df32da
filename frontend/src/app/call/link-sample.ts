/** What one look at a link's statistics says (W3C webrtc-stats). Counters are since the link's beginning. */
export interface LinkSample {
  /** When it was taken, in ms on the page's clock. */
  readonly at: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** How unevenly the peer's sound arrives here, ms (RFC 3550, 6.4.1). */
  readonly jitterMs: number;
  /** Share of our packets that the peer lost lately, 0 to 1: the peer's own report (RTCP). */
  readonly lostThere: number;
  /** How unevenly our sound arrives there, ms: the peer's own report. */
  readonly jitterThereMs: number;
  readonly roundTripMs: number;
  /**
   * What the browser believes it could send, bit/s; null until it knows, and while no picture wants more than that: it
   * then believes in little more than what is sent, however good the network is.
   */
  readonly sendRate: number | null;
  /** What was sent of the sound and of the picture, bytes. */
  readonly sentSound: number;
  readonly sentPicture: number;
  /** Media goes through a relay (TURN). */
  readonly relayed: boolean;
}

/** One entry of a report. */
export interface Stat {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A peer reports on our sound every 5 s or so; a report older than this speaks of a time that is over, ms. */
const REPORT_HOLDS_MS = 10_000;

export const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const sum = (stats: readonly Stat[], field: string): number =>
  stats.reduce((total, stat) => total + number(stat[field]), 0);
const most = (stats: readonly Stat[], field: string): number =>
  stats.reduce((least, stat) => Math.max(least, number(stat[field])), 0);
const ofSound = (stats: readonly Stat[]): Stat[] => stats.filter(({ kind }) => kind === 'audio');

/** @returns the entries of a report */
export function statsOf(report: RTCStatsReport): Stat[] {
  const stats: Stat[] = [];
  report.forEach((stat: Stat) => stats.push(stat));
  return stats;
}

/** Reads what the quality of a link is judged by out of a report. */
export function sampleOf(report: RTCStatsReport, at: number): LinkSample {
  const stats = statsOf(report);
  const inbound = stats.filter(({ type }) => type === 'inbound-rtp');
  const outbound = stats.filter(({ type }) => type === 'outbound-rtp');
  const there = currentReports(stats);
  const { pair, local, remote } = pathOf(stats);
  const sendRate = outbound.some(wantsMore) ? pair?.['availableOutgoingBitrate'] : null;
  return {
    at,
    packetsReceived: sum(inbound, 'packetsReceived'),
    packetsLost: sum(inbound, 'packetsLost'),
    jitterMs: most(ofSound(inbound), 'jitter') * 1_000,
    lostThere: most(there, 'fractionLost'),
    jitterThereMs: most(ofSound(there), 'jitter') * 1_000,
    roundTripMs: number(pair?.['currentRoundTripTime']) * 1_000,
    sendRate: typeof sendRate === 'number' ? sendRate : null,
    sentSound: sum(ofSound(outbound), 'bytesSent'),
    sentPicture: sum(outbound, 'bytesSent') - sum(ofSound(outbound), 'bytesSent'),
    relayed: local?.['candidateType'] === 'relay' || remote?.['candidateType'] === 'relay',
  };
}

/**
 * What the peer reports of our packets, without what it has not renewed: of a picture that is paused the last report, made
 * when it did not get through, stays in the statistics.
 */
function currentReports(stats: readonly Stat[]): Stat[] {
  const now = most(stats, 'timestamp');
  return stats.filter(
    ({ type, timestamp }) => type === 'remote-inbound-rtp' && now - (number(timestamp) || now) < REPORT_HOLDS_MS,
  );
}

/** A picture that is sent and is smaller than it should be: one that is paused keeps the reason of its last moment. */
const wantsMore = (stat: Stat): boolean =>
  stat['qualityLimitationReason'] === 'bandwidth' && number(stat['framesPerSecond']) > 0;

/** The pair of candidates that media takes, and its two ends. */
export function pathOf(stats: readonly Stat[]): Record<'pair' | 'local' | 'remote', Stat | undefined> {
  const pair = pairInUse(stats);
  const named = (id: unknown) => stats.find(stat => id !== undefined && stat['id'] === id);
  return { pair, local: named(pair?.['localCandidateId']), remote: named(pair?.['remoteCandidateId']) };
}

/** The transport names it; Firefox, which has no such statistic, marks the pair itself. */
function pairInUse(stats: readonly Stat[]): Stat | undefined {
  const selected = stats.find(({ type }) => type === 'transport')?.['selectedCandidatePairId'];
  const pairs = stats.filter(({ type }) => type === 'candidate-pair');
  return pairs.find(pair => pair['id'] === selected) ?? pairs.find(pair => pair['selected'] === true);
}
