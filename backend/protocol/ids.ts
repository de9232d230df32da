import * as z from 'zod/mini';

/** Lower-case, as this protocol writes them (RFC 9562, 4). */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Every id of this protocol is a lower-case UUID (RFC 9562); what is behind it is nobody's business. */
export const id = z.string().check(z.regex(UUID));
export const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);

/** An account. */
export type UserId = string;
/** A signed-in browser profile or installed app. */
export type DeviceId = string;
/** A device's live, resumable signaling connection. */
export type SessionId = string;
/** A random UUID made by the caller. */
export type CallId = string;
/** Derived by the server from what the conversation joins. */
export type ConversationId = string;
/** A UUIDv7 made by the sender: with the conversation and the sender it is the idempotency key of a post. */
export type MessageId = string;
