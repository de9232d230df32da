/** What time it is, in ms since the epoch; specs bring their own. */
export type Clock = { now(): number };

export const systemClock: Clock = { now: () => Date.now() };
