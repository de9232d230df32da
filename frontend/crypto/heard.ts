import { type Heard } from '#protocol/crypto/counters';
import { type MessageId } from '#protocol/ids';

/** What was heard in a conversation. */
export interface HeardIn {
  readonly heard: Heard;
  /** The highest place that was read. */
  readonly upTo: number;
}

/** Which numbers this device has given to its entries of a conversation. */
export interface Given {
  readonly last: number;
  /** The latest ones: an entry that is sealed once more keeps its number. */
  readonly entries: readonly (readonly [id: MessageId, counter: number])[];
}
