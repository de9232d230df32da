import { nextQuality, type QualityState, UNMEASURED } from '../call-quality';
import { type LinkSample } from '../link-sample';

/** A link on which nothing is wrong. */
export const CLEAR: LinkSample = {
  at: 0,
  packetsReceived: 0,
  packetsLost: 0,
  jitterMs: 5,
  lostThere: 0,
  jitterThereMs: 5,
  roundTripMs: 20,
  sendRate: null,
  sentSound: 0,
  sentPicture: 0,
  relayed: false,
};

/** What one look finds: what differs from a clear link, and how many of the last hundred packets were lost on their way here. */
export type Seen = Partial<LinkSample> & { readonly lostHere?: number };

/** The next sample of a trace. */
export function sampleAfter(before: LinkSample | null, { lostHere = 0, ...seen }: Seen): LinkSample {
  const packetsReceived = (before?.packetsReceived ?? 0) + 100 - lostHere;
  const packetsLost = (before?.packetsLost ?? 0) + lostHere;
  return { ...CLEAR, at: (before?.at ?? 0) + 2_000, packetsReceived, packetsLost, ...seen };
}

/** Plays a trace, a look each, and answers with the states after each. */
export function play(trace: readonly Seen[], from: QualityState = UNMEASURED): QualityState[] {
  const states: QualityState[] = [];
  for (const seen of trace) {
    const state = states.at(-1) ?? from;
    states.push(nextQuality(state, sampleAfter(state.sample, seen), true));
  }
  return states;
}

/** The same look so many times. */
export const times = (count: number, seen: Seen): Seen[] => Array.from({ length: count }, () => seen);
