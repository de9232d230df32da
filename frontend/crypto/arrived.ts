import { type DeviceAddress } from '#protocol/ids';
import { type Result } from '#protocol/result';

/** An event from a device to this one: who has sent it is proved by its keys. */
export interface ArrivedEvent {
  readonly from: DeviceAddress;
  readonly type: string;
  readonly content: unknown;
}

/** Why an event is not acted on. */
export type EventRefusal =
  /** It is not encrypted: the server itself can write such an event. */
  | 'plain'
  /** Encrypted, and not for this device as it is now, or by a device that is not its person's. */
  | 'unreadable';

export type Arrived = Result<ArrivedEvent, EventRefusal>;

/** An event of the inbox, kept here until it was acted on. */
export interface KeptEvent extends ArrivedEvent {
  /** In the order of arrival. */
  readonly number: number;
}

/** What a catching-up has found. */
export interface Caught {
  /** Those of before too that were not acted on, the oldest first. */
  readonly events: readonly KeptEvent[];
  readonly refused: readonly EventRefusal[];
}
