import { type ClientFrame, type ServerFrame, type Unnumbered } from '#protocol/messages';

/** What somebody in this page says; the session numbers it. */
export type Said = Unnumbered<ClientFrame>;
/** What reaches the rest of the page: everything but what steers the session itself. */
export type Heard = Exclude<ServerFrame, { type: 'ack' | 'ping' }>;
