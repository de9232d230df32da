import { INBOX_BYTES_OF_SENDER, INBOX_ROWS, INBOX_ROWS_OF_SENDER } from '#protocol/keys/limits';

/** What an inbox holds: of one sending person, and rows of all. */
export type InboxLoad = { rows: number; bytes: number; all: number };

/** Whether it takes one more event of that person. What it has taken is never dropped for another one. */
export const hasRoom = ({ rows, bytes, all }: InboxLoad, more: number): boolean =>
  rows < INBOX_ROWS_OF_SENDER && bytes + more <= INBOX_BYTES_OF_SENDER && all < INBOX_ROWS;
