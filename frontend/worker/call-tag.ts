/** What of one call replaces what: a ring what has become of it, a pushed ring that of a page. */
export const tagOfCall = (callId: string): string => `call-${callId}`;
