/** Limits of end-to-end encryption's verbs. Durations are ms, sizes are bytes of UTF-8 JSON unless a name says otherwise. */

/** Largest request body of these verbs, after decompression, and largest page of an answer, before compression. */
export const KEYS_BODY_BYTES = 1024 * 1024;
export const KEYS_PAGE_BYTES = 1024 * 1024;
/** A device unheard for this long gets no more to-device events. */
export const DEVICE_UNHEARD_MS = 60 * 86_400_000;

/** One device's keys, one key of a cross-signing identity, with their signatures, also those that come later. */
export const SIGNED_KEYS_BYTES = 8 * 1024;
/** What a person has published for good, with their sealed secrets: a backup has it as one line. Most people's takes 10 KB. */
export const KEYRING_BYTES = 448 * 1024;
/** One one-time or fallback key. */
export const ONE_TIME_KEY_BYTES = 1024;
/** Most one-time keys in one upload, and most unclaimed ones that the server keeps for a device. */
export const ONE_TIME_KEYS_A_REQUEST = 100;
export const ONE_TIME_KEYS_KEPT = 200;
/** A key that was claimed is known for this long, so that an upload repeated late does not bring it back. */
export const CLAIMED_KNOWN_MS = 30 * 86_400_000;
/** Most people of one question for keys. */
export const QUERY_PEOPLE = 1_000;
/** Most devices of one claim, or receivers of one to-device request. */
export const DEVICES_A_REQUEST = 2_000;
/** Most objects of one upload of signatures, and most signatures that an object keeps. */
export const SIGNATURES_A_REQUEST = 100;
export const SIGNATURES_KEPT = 32;
/** Of how many other people a person's signatures are kept, the newest. */
export const SIGNED_OTHERS = 500;
/** The signed text of a list of devices. */
export const DEVICE_LIST_BYTES = 4 * 1024;

/** One to-device event's content. */
export const TO_DEVICE_BYTES = 64 * 1024;
/** What an inbox holds of one sending person, and of all. */
export const INBOX_ROWS_OF_SENDER = 2_000;
export const INBOX_BYTES_OF_SENDER = 4 * 1024 * 1024;
export const INBOX_ROWS = 20_000;
/** How long a to-device request is known by its device and transaction id. */
export const TO_DEVICE_KNOWN_MS = 30 * 86_400_000;
/** Most rows of one page of an inbox, and of the feed of changed keys. */
export const INBOX_PAGE_ROWS = 500;
export const CHANGES_PAGE_ROWS = 1_000;

/** The sealed secrets of a person. */
export const SECRETS_BYTES = 64 * 1024;
/** The data of a dehydrated device. */
export const DEHYDRATED_BYTES = 64 * 1024;
/** A dehydrated device that was taken belongs to that device for this long. */
export const DEHYDRATED_TAKEN_MS = 10 * 60_000;

/** Most versions of the sealed backup that a person has at once, and most bytes of their batches together. */
export const BACKUP_VERSIONS = 3;
export const BACKUP_BYTES = 128 * 1024 * 1024;
/** What a version says of itself, and the manifest of a batch. */
export const BACKUP_ABOUT_BYTES = 4 * 1024;
/** Most records of one batch, and the sealed session in one. */
export const BACKUP_BATCH_RECORDS = 500;
export const BACKUP_RECORD_BYTES = 16 * 1024;
/** A whole batch. */
export const BACKUP_BATCH_BYTES = 384 * 1024;
/** Most batches of one page; it ends at `KEYS_PAGE_BYTES` before that. */
export const BACKUP_PAGE_BATCHES = 1_000;
