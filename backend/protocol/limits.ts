/** The numbers both ends agree on. Durations are milliseconds, sizes are bytes unless a name says otherwise. */

/** Largest frame a server accepts. */
export const FRAME_BYTES = 64 * 1024;
/** Largest a client does: what is forwarded has grown by its sender, and a welcome names every contact who is there. */
export const SERVER_FRAME_BYTES = 1024 * 1024;
/** Largest `hello`, the only frame read from somebody unknown. */
export const HELLO_BYTES = 4 * 1024;
/**
 * Largest opaque `data`, as it stands in a frame: its JSON string without the two quotes. The rest of a frame takes less
 * than 1 KB, so a frame whose `data` fits is never larger than FRAME_BYTES.
 */
export const DATA_BYTES = 48 * 1024;
/**
 * Largest content of a message, as JSON. Padded to a bucket of 32 KiB, sealed and in base64 it stays below DATA_BYTES; the
 * last 64 bytes are for the padding's own length and its header.
 */
export const CONTENT_BYTES = 32 * 1024 - 64;

/** A message may expire so long after it was posted, at least and at most. */
export const EXPIRES_LEAST_MS = 60_000;
export const EXPIRES_MOST_MS = 365 * 86_400_000;
/** The server forgets no message that expires before this, so that devices which are away for a while still get it. */
export const EXPIRED_KEPT_MS = 30 * 86_400_000;

/** How long a fresh socket may stay without its `hello`. */
export const HELLO_MS = 5_000;
/** Over how long, at most, the devices of a server that restarts spread their first attempts; and how much of it is for each. */
export const RESTART_SPREAD_MS = 8_000;
export const RESTART_SPREAD_EACH_MS = 0.8;
/** How long a session without a socket can still be resumed. */
export const RESUME_WINDOW_MS = 60_000;
/** The server pings a session that was silent for this long … */
export const SERVER_PING_MS = 25_000;
/** … and closes one of which it has had no frame for this long. */
export const SERVER_SILENCE_MS = 40_000;
/** A client that has heard nothing for this long abandons its socket. */
export const CLIENT_SILENCE_MS = 35_000;
/** A client waits this long for the answer to a ping of its own. */
export const PING_ANSWER_MS = 4_000;
/** In a call it waits so long: a change of network is to be noticed before the person does. */
export const PING_ANSWER_IN_CALL_MS = 1_000;

/** How long a link for a guest can be used, ms. */
export const DOOR_MS = 24 * 60 * 60 * 1_000;
/** Most links for guests that a person has open. */
export const MOST_DOORS = 5;
/** How long a call rings, counted by the server. */
export const RING_MS = 45_000;
/** Most calls a person has at once: the one they are in, the one they hold, and one that rings. */
export const MAX_CALLS = 3;
/** A client stops its own ring this long after the server should have. */
export const RING_GRACE_MS = 5_000;
/** Where no device of a person rings and none can be pushed, a call waits this long for one: a page that is loaded again is gone for a moment. */
export const REACHABLE_WITHIN_MS = 3_000;
/** A device whose page has not confirmed its ring by then gets a push. */
export const RING_CONFIRM_MS = 1_500;
/** An active call whose seats are both absent this long is ended. */
export const BOTH_ABSENT_MS = 10 * 60_000;
/** A link that is down this long ends its call. */
export const LINK_DOWN_MS = 30_000;
/** ICE is restarted this long after the link was first seen disconnected. */
export const ICE_RESTART_MS = 2_000;
/** A device that is to take over the seat of another one of its person is given up after this time. */
export const ARRIVING_MS = 20_000;
/** Each arrival begins its links with a number of its own, so that what was said in an earlier one is lower. */
export const LINKS_EACH = 1_000;
/** The highest number of a call's peer connections. */
export const MAX_LINK = 1_000_000;
/** So many devices may arrive in one call: then there is no number left to begin a link with. */
export const MOST_ARRIVALS = MAX_LINK / LINKS_EACH;
/** A caller waits this long for the other end's permission and answer. */
export const WAITING_FOR_ANSWER_MS = 90_000;

/** Becoming offline is announced this long after it is true. */
export const OFFLINE_ANNOUNCE_MS = 10_000;
/** A user counts as online this long after a page of theirs was last visible. */
export const VISIBLE_GRACE_MS = 60_000;

/** Most bytes of one answer that lists conversations or messages: a phone reads it without a pause. */
export const PAGE_BYTES = 512 * 1024;
/** Most rows of one page of conversations or contacts. */
export const PAGE_ROWS = 500;
/** How many conversations of a page may come with their newest entries, and with how many each. */
export const RECENT_CONVERSATIONS = 20;
export const NEWEST_ENTRIES = 30;
/** How many of the other members a list of conversations names. */
export const LISTED_PEERS = 5;
/** Most messages one page of history holds. */
export const PAGE_MESSAGES = 100;
/** Most reliable frames an outbox holds unconfirmed, and most characters of them. */
export const OUTBOX_FRAMES = 1_000;
export const OUTBOX_CHARS = 4 * 1024 * 1024;
/** A message that came from device to device, and has no entry after this time, stays for good, ms. */
export const PROVISIONAL_MS = 7 * 86_400_000;
/** Most ICE candidates in one frame's batch. */
export const CANDIDATE_BATCH = 20;
