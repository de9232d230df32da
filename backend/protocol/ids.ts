import * as z from 'zod/mini';

/** Lower-case, as this protocol writes them (RFC 9562, 4). */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Every id of this protocol is a lower-case UUID (RFC 9562). Installations, invitations and processes use this schema itself. */
export const uuid = z.string().check(z.regex(UUID));

/*
 * The types below are branded: only its schema makes a text an id of its kind, so that neither an id of another kind nor
 * a key for drawing passes for one. A brand costs nothing at run time.
 */

/** The prefix of a guest's id. A guest has no account, and a seat in one call. */
export const GUEST = 'guest:';
const GUEST_OR_USER = new RegExp(`^(?:${GUEST})?${UUID.source.slice(1)}`);
/** An account, or a guest of one call. */
export const userId = z.string().check(z.regex(GUEST_OR_USER)).brand<'user'>();
export type UserId = z.infer<typeof userId>;
export const isGuest = (id: UserId): boolean => id.startsWith(GUEST);
/** A signed-in browser profile or installed app. */
export const deviceId = uuid.brand<'device'>();
export type DeviceId = z.infer<typeof deviceId>;
/** A device's live, resumable signaling connection. */
export const sessionId = uuid.brand<'session'>();
export type SessionId = z.infer<typeof sessionId>;
/** A random UUID made by the caller. */
export const callId = uuid.brand<'call'>();
export type CallId = z.infer<typeof callId>;
/** Derived by the server from what the conversation joins. */
export const conversationId = uuid.brand<'conversation'>();
export type ConversationId = z.infer<typeof conversationId>;
/** A UUIDv7 made by the sender: with the conversation and the sender it is the idempotency key of a post. */
export const messageId = uuid.brand<'message'>();
export type MessageId = z.infer<typeof messageId>;

/** A device of a person: the sender or the receiver of a frame. */
export const deviceAddress = z.readonly(z.strictObject({ userId, deviceId }));
export type DeviceAddress = z.infer<typeof deviceAddress>;

/** An id of any kind. */
export type AnyId = UserId | DeviceId | SessionId | CallId | ConversationId | MessageId;
