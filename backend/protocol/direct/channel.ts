/**
 * The data channels of a link: each has a number that both ends know beforehand, and a name (RFC 8831). What is a message on one is
 * none on another, so each closes alone where the other end does not keep to its protocol.
 */
export const CHANNELS = { files: 1, chat: 2, recording: 3 } as const;
export type ChannelName = keyof typeof CHANNELS;
