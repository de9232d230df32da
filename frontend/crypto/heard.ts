import { type Heard } from '#protocol/crypto/counters';

/** What was heard in a conversation. */
export interface HeardIn {
  readonly heard: Heard;
  /** The highest place that was read. */
  readonly upTo: number;
}
