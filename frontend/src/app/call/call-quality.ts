/** What one look at a link's statistics says (W3C webrtc-stats). Counters are since the link's beginning. */
export interface LinkSample {
  /** When it was taken, in ms on the page's clock. */
  readonly at: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Share of our packets that the peer lost lately, 0 to 1. */
  readonly lostThere: number;
  readonly roundTripMs: number;
  /**
   * What the browser believes it could send, bit/s; null until it knows, and while no picture wants more than that: it
   * then believes in little more than what is sent, however good the network is.
   */
  readonly sendRate: number | null;
  /** Media goes through a relay (TURN). */
  readonly relayed: boolean;
}

/** What a person reads: a word, and whose network is to blame where there is something to blame. */
export interface Quality {
  readonly word: 'good' | 'fair' | 'poor';
  readonly cause: 'own' | 'theirs' | null;
  readonly relayed: boolean;
}

/** How much picture this end sends: sound comes first. */
export type VideoLevel = 'full' | 'smaller' | 'paused';

/** What is remembered from sample to sample. `streak` counts the looks in a row that speak for less, or for more. */
export interface QualityState {
  readonly sample: LinkSample | null;
  readonly quality: Quality | null;
  readonly video: VideoLevel;
  readonly streak: number;
}

export const UNMEASURED: QualityState = { sample: null, quality: null, video: 'full', streak: 0 };

const BAD = { loss: 0.1, roundTripMs: 800, sendRate: 100_000 };
const WEAK = { loss: 0.04, roundTripMs: 400, sendRate: 200_000 };
/** Looks in a row before less is sent, and before more is: going up too early brings the trouble back. */
const DOWN_AFTER = 2;
const UP_AFTER = 6;

type Grade = 'good' | 'fair' | 'poor';
const worse = (a: Grade, b: Grade): Grade =>
  a === 'poor' || b === 'poor' ? 'poor' : a === 'fair' || b === 'fair' ? 'fair' : 'good';

const grade = (value: number, weak: number, bad: number): Grade =>
  value >= bad ? 'poor' : value >= weak ? 'fair' : 'good';

/** How well what we send gets through. */
const arriving = ({ lostThere }: LinkSample): Grade => grade(lostThere, WEAK.loss, BAD.loss);

/**
 * How much we may send. It is reckoned from the peer's reports, and they are lost with the rest of what the peer sends:
 * no proof that our network is to blame while the peer's may be.
 */
function allowed({ sendRate }: LinkSample): Grade {
  if (sendRate === null) return 'good';
  return sendRate < BAD.sendRate ? 'poor' : sendRate < WEAK.sendRate ? 'fair' : 'good';
}

/** How well what the peer sends arrives, between two looks. */
function receiving(before: LinkSample | null, { packetsReceived, packetsLost }: LinkSample): Grade {
  const received = packetsReceived - (before?.packetsReceived ?? 0);
  const lost = Math.max(0, packetsLost - (before?.packetsLost ?? 0));
  return received + lost === 0 ? 'good' : grade(lost / (received + lost), WEAK.loss, BAD.loss);
}

/**
 * Judges a link from one look to the next. Both directions lose, or only ours: our network; only theirs: the peer's.
 *
 * @returns the words, and how much picture to send from now on
 */
export function nextQuality(state: QualityState, sample: LinkSample): QualityState {
  const there = arriving(sample);
  const out = worse(there, allowed(sample));
  const back = receiving(state.sample, sample);
  const late = grade(sample.roundTripMs, WEAK.roundTripMs, BAD.roundTripMs);
  const word = worse(worse(out, back), late);
  const blamed = there === 'good' && back !== 'good' ? 'theirs' : 'own';
  const quality: Quality = { word, cause: word === 'good' ? null : blamed, relayed: sample.relayed };
  return { sample, quality, ...nextVideo(state, out) };
}

const LESS: Record<VideoLevel, VideoLevel> = { full: 'smaller', smaller: 'paused', paused: 'paused' };
const MORE: Record<VideoLevel, VideoLevel> = { full: 'full', smaller: 'full', paused: 'smaller' };

function nextVideo({ video, streak }: QualityState, out: Grade): Pick<QualityState, 'video' | 'streak'> {
  if (out === 'fair') return { video, streak: 0 };
  const next = out === 'poor' ? Math.min(streak, 0) - 1 : Math.max(streak, 0) + 1;
  if (next <= -DOWN_AFTER) return { video: LESS[video], streak: 0 };
  if (next >= UP_AFTER) return { video: MORE[video], streak: 0 };
  return { video, streak: next };
}

interface Stat {
  readonly type: string;
  readonly [field: string]: unknown;
}
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Reads what we look at out of a report. */
export function sampleOf(report: RTCStatsReport, at: number): LinkSample {
  const stats: Stat[] = [];
  report.forEach((stat: Stat) => stats.push(stat));
  const inbound = stats.filter(({ type }) => type === 'inbound-rtp');
  const there = stats.filter(({ type }) => type === 'remote-inbound-rtp');
  const pair = pairInUse(stats);
  const local = stats.find(stat => stat['id'] === pair?.['localCandidateId']);
  const remote = stats.find(stat => stat['id'] === pair?.['remoteCandidateId']);
  const sendRate = stats.some(wantsMore) ? pair?.['availableOutgoingBitrate'] : null;
  return {
    at,
    packetsReceived: inbound.reduce((sum, stat) => sum + number(stat['packetsReceived']), 0),
    packetsLost: inbound.reduce((sum, stat) => sum + number(stat['packetsLost']), 0),
    lostThere: there.reduce((most, stat) => Math.max(most, number(stat['fractionLost'])), 0),
    roundTripMs: number(pair?.['currentRoundTripTime']) * 1_000,
    sendRate: typeof sendRate === 'number' ? sendRate : null,
    relayed: local?.['candidateType'] === 'relay' || remote?.['candidateType'] === 'relay',
  };
}

/** A picture that is sent and is smaller than it should be: one that is paused keeps the reason of its last moment. */
const wantsMore = ({ type, ...stat }: Stat): boolean =>
  type === 'outbound-rtp' && stat['qualityLimitationReason'] === 'bandwidth' && number(stat['framesPerSecond']) > 0;

/** The transport names it; Firefox, which has no such statistic, marks the pair itself. */
function pairInUse(stats: readonly Stat[]): Stat | undefined {
  const selected = stats.find(({ type }) => type === 'transport')?.['selectedCandidatePairId'];
  const pairs = stats.filter(({ type }) => type === 'candidate-pair');
  return pairs.find(pair => pair['id'] === selected) ?? pairs.find(pair => pair['selected'] === true);
}
