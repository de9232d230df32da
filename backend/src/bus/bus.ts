import { OperatorError } from '../operator-error.ts';

/**
 * What several processes tell each other, in the words of any messaging engine. Guarantees, proved by `bus.contract.ts`:
 * what one process publishes arrives in order, at most once and at once or never; nothing that was published while `up`
 * was false, or before `subscribe` resolved, ever arrives; whoever reads `onUp` may have missed anything before it.
 */
export interface Bus {
  /** Whether the engine can be reached. While it cannot, publishing reaches nobody and claims reject. */
  readonly up: boolean;
  /** Who hears; to be called once, before anything else. */
  listen(ears: Ears): void;
  /** Answers with how many subscribers there were, or null where it was not said, or not in time; never rejects. */
  publish(topic: string, text: string): Promise<number | null>;
  /** Resolves when messages of this topic arrive; while the bus is down, at once: `onUp` comes when they do. */
  subscribe(topic: string): Promise<void>;
  unsubscribe(topic: string): void;
  /** Takes or renews a lease for `ms`, unless somebody else holds it; answers with who holds it now. */
  claim(lease: string, owner: string, ms: number): Promise<string>;
  /** Gives a lease back, if it is this owner's. */
  release(lease: string, owner: string): Promise<void>;
  /** Which of these leases somebody holds. */
  held(leases: readonly string[]): Promise<boolean[]>;
  close(): Promise<void>;
}

export type Ears = {
  onMessage(topic: string, text: string): void;
  /** The bus is there again, with every subscription; what was said meanwhile is lost. */
  onUp(): void;
  onDown(): void;
};

/** The bus cannot be used as configured; the message says why. */
export class BusError extends OperatorError {
  override readonly name = 'BusError';
}
