import { type Content, type EntryKey } from '#protocol/content/kinds';
import { PROVISIONAL_MS } from '#protocol/limits';

/** A message that its author's device has handed over in a call, past the server (PROTOCOL.md, Messages between devices). */
export interface DirectEntry extends EntryKey {
  readonly content: Content;
  /** When it arrived here, ms since the epoch. */
  readonly at: number;
}

/** Whether its entry can still come, and take its place. */
export const isProvisional = ({ at }: DirectEntry, now: number): boolean => now - at < PROVISIONAL_MS;
