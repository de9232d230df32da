/**
 * REST of end-to-end encryption. Bodies of what the machine itself asks are those of the Matrix client-server API, so that
 * they pass through as they are; the rest is written as everywhere in this protocol. A body may be gzipped
 * (`Content-Encoding: gzip`) and has at most `KEYS_BODY_BYTES` after that. None of these answers with anything of a person
 * with whom the one who asks shares neither a conversation nor a request: they are left out, as if they were not there.
 */
import * as z from 'zod/mini';
import { secret } from '#protocol/api/account';
import { conversationId, deviceId, uuid } from '#protocol/ids';
import {
  BACKUP_ABOUT_BYTES,
  BACKUP_BATCH_BYTES,
  BACKUP_BATCH_RECORDS,
  BACKUP_PAGE_BATCHES,
  BACKUP_RECORD_BYTES,
  CHANGES_PAGE_ROWS,
  DEHYDRATED_BYTES,
  DEVICES_A_REQUEST,
  INBOX_PAGE_ROWS,
  ONE_TIME_KEYS_A_REQUEST,
  QUERY_PEOPLE,
  SECRETS_BYTES,
  SIGNATURES_A_REQUEST,
  TO_DEVICE_BYTES,
} from '#protocol/keys/limits';
import {
  crossSigningKey,
  dehydratedId,
  deviceKeys,
  deviceList,
  isAtMost,
  keyDeviceId,
  keyUser,
  ONE_TIME_ALGORITHM,
  oneTimeKey,
  oneTimeKeyName,
  opaque,
} from '#protocol/keys/objects';

const count = z.int().check(z.nonnegative());
const queryCount = z.coerce.number().check(z.int(), z.nonnegative());
const upTo = (most: number) => z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(most)));
/** Milliseconds that a Matrix server would wait for others; there are none here. */
const timeout = z.optional(z.number());

/** What a device must know of its own keys: in each `welcome`, and in `keys.state` as far as it has changed. */
export const keyState = z.strictObject({
  /** Unclaimed one-time keys (`signed_curve25519`). */
  oneTime: count,
  /** Algorithms whose fallback key was not given to anybody yet. */
  unusedFallback: z.array(z.string()),
  /** The number of the last change of keys that this person may know of: `GET /api/keys/changes?after=`. */
  changes: count,
  /** The number of the last row of this device's inbox: `GET /api/inbox?after=`. */
  inbox: count,
});
export type KeyState = z.infer<typeof keyState>;
export const keyStateChange = z.partial(keyState);
export type KeyStateChange = z.infer<typeof keyStateChange>;

const few = <K extends z.core.$ZodRecordKey, V extends z.core.SomeType>(keys: K, values: V, most: number) =>
  z.record(keys, values).check(z.refine(all => Object.keys(all).length <= most, { error: 'too many' }));
const oneTimeKeys = few(oneTimeKeyName, oneTimeKey, ONE_TIME_KEYS_A_REQUEST);
const fallbackKeys = few(oneTimeKeyName, oneTimeKey, 1);

/**
 * POST /api/keys/upload, of this device's own keys. Device keys are taken once: the same again are no news, others are
 * `keys-fixed`. A one-time key of a known id takes its place unless it was claimed. A fallback key takes the place of the one
 * before it; `{}` changes nothing. More than are kept are `no-room`.
 */
export const keysUpload = z.strictObject({
  device_keys: z.optional(deviceKeys),
  one_time_keys: z.optional(oneTimeKeys),
  fallback_keys: z.optional(fallbackKeys),
});
export type KeysUpload = z.infer<typeof keysUpload>;
export type OneTimeUpload = Pick<KeysUpload, 'one_time_keys' | 'fallback_keys'>;
export const keysUploaded = z.object({ one_time_key_counts: z.object({ [ONE_TIME_ALGORITHM]: count }) });
export type KeysUploaded = z.infer<typeof keysUploaded>;

/** POST /api/keys/query: all devices of these people, so the lists of devices are empty. */
export const keysQuery = z.strictObject({
  device_keys: few(keyUser, z.array(z.never()).check(z.maxLength(0)), QUERY_PEOPLE),
  timeout,
});
/**
 * `device_lists` is what each person's master key has signed (`deviceList`). `user_signing_keys` has the own one alone.
 * `unanswered`: who did not fit into this page, to be asked again; each page answers at least one person.
 */
export const keysFound = z.object({
  device_keys: z.record(keyUser, z.record(keyDeviceId, deviceKeys)),
  master_keys: z.record(keyUser, crossSigningKey),
  self_signing_keys: z.record(keyUser, crossSigningKey),
  user_signing_keys: z.record(keyUser, crossSigningKey),
  device_lists: z.record(keyUser, deviceList),
  failures: z.object({}),
  unanswered: z.array(keyUser),
});
export type KeysFound = z.infer<typeof keysFound>;

/**
 * POST /api/keys/claim: a one-time key of each of these devices, each given once; where there is none, or beyond the limits
 * of claiming, the fallback key; where there is neither the device is left out.
 */
export const keysClaim = z.strictObject({
  one_time_keys: few(keyUser, z.record(keyDeviceId, z.literal(ONE_TIME_ALGORITHM)), DEVICES_A_REQUEST).check(
    z.refine(all => receivers(all) <= DEVICES_A_REQUEST, { error: 'too many' }),
  ),
  timeout,
});
export const keysClaimed = z.object({
  one_time_keys: z.record(keyUser, z.record(keyDeviceId, z.record(oneTimeKeyName, oneTimeKey))),
  failures: z.object({}),
});
export type KeysClaimed = z.infer<typeof keysClaimed>;

const receivers = (all: Record<string, object>): number =>
  Object.values(all).reduce((sum, devices) => sum + Object.keys(devices).length, 0);

/** PUT /api/to-device/:txn */
export const toDeviceParams = z.object({ txn: z.string().check(z.regex(/^[A-Za-z0-9._~-]{1,64}$/)) });
/**
 * One event for each of these devices; `*` is every signed-in device of that person with keys, but the sending one. The same
 * `txn` of the same device is known for 30 days and does nothing again. Whom the sender does not know, and devices that are
 * gone or unheard for 60 days, are left out without a word. Where inboxes are full the answer is `inbox-full` with `retryMs`
 * and `full`: all others have got theirs, and the same request, repeated, goes to those alone.
 */
export const toDevice = z.strictObject({
  type: z.string().check(z.regex(/^[\w.-]{1,128}$/)),
  messages: few(
    keyUser,
    z.record(z.union([keyDeviceId, z.literal('*')]), opaque(TO_DEVICE_BYTES)),
    DEVICES_A_REQUEST,
  ).check(z.refine(all => receivers(all) <= DEVICES_A_REQUEST, { error: 'too many' })),
});
export type ToDevice = z.infer<typeof toDevice>;

/** A to-device event as its receiver gets it: the sender is the session's own. */
export const inboxEvent = z.object({ sender: keyUser, type: z.string(), content: opaque(TO_DEVICE_BYTES) });
export type InboxEvent = z.infer<typeof inboxEvent>;
/** GET /api/inbox?after=number: without `after` from the first that was not confirmed. Numbers rise, and may leave some out. */
export const inboxQuery = z.object({ after: z.optional(queryCount), limit: upTo(INBOX_PAGE_ROWS) });
/** `upTo` is the number of the last item (`after` where there is none); `head` that of the last row there is. */
export const inboxPage = z.object({
  items: z.array(z.object({ number: count, event: inboxEvent })),
  upTo: count,
  head: count,
});
export type InboxPage = z.infer<typeof inboxPage>;
/** POST /api/inbox/confirm: rows up to this number go. */
export const inboxConfirm = z.strictObject({ upTo: count });

/** GET /api/keys/changes?after=number */
export const changesQuery = z.object({ after: z.optional(queryCount), limit: upTo(CHANGES_PAGE_ROWS) });
/**
 * `changed`: people whose keys, identity or list of devices have changed since the entry `after` of the feed. `left`: people with
 * whom the user shares no conversation now. Of all others nothing has changed. `more`: ask again, with `upTo` as `after`.
 */
export const changesPage = z.object({
  changed: z.array(keyUser),
  left: z.array(keyUser),
  upTo: count,
  more: z.boolean(),
});
export type ChangesPage = z.infer<typeof changesPage>;

/**
 * POST /api/keys/signatures: objects of one's own (devices, master key, by their id or public key), or other people's master
 * keys, as they stand, of which new signatures of one's own are taken. What another person's master key was signed with is
 * shown to the signer alone. An object that is not there, or is another one, is named in `failures`.
 */
export const signaturesUpload = z
  .record(keyUser, z.record(keyDeviceId, z.union([deviceKeys, crossSigningKey])))
  .check(z.refine(all => receivers(all) <= SIGNATURES_A_REQUEST, { error: 'too many' }));
export type SignaturesUpload = z.infer<typeof signaturesUpload>;
export const signaturesUploaded = z.object({
  failures: z.record(keyUser, z.record(z.string(), z.object({ errcode: z.string(), error: z.string() }))),
});
export type SignaturesUploaded = z.infer<typeof signaturesUploaded>;

/**
 * PUT /api/keys/cross-signing creates the identity, or repeats the present one. It replaces another identity only with
 * `loginSecret`; without it the answer is `identity-exists`, and the device uses the identity that exists. `deviceList`, signed by
 * the new master key, is stored in the same step, so that no reader gets one without the other; its number must be higher too.
 */
export const crossSigning = z.strictObject({
  master_key: crossSigningKey,
  self_signing_key: crossSigningKey,
  user_signing_key: crossSigningKey,
  deviceList: z.optional(deviceList),
  loginSecret: z.optional(secret),
});
export type CrossSigning = z.infer<typeof crossSigning>;

/** PUT /api/keys/device-list: `deviceList`. One whose number is not higher than that of the one that is there is `stale`. */

/** The body of a dehydrated device as the machine makes it (MSC3814). */
export const dehydratedDevice = z.strictObject({
  device_id: dehydratedId,
  device_data: opaque(DEHYDRATED_BYTES),
  initial_device_display_name: z.optional(z.string().check(z.maxLength(64))),
  device_keys: deviceKeys,
  one_time_keys: z.optional(oneTimeKeys),
  fallback_keys: z.optional(fallbackKeys),
});
export type DehydratedDevice = z.infer<typeof dehydratedDevice>;
/**
 * PUT /api/keys/dehydrated: becomes the current one where `replaces` is the current one (null: where there is none), which is
 * then `retired`: not found by a query any more, with its inbox, until it is deleted. `stale` where another one is current, or
 * one that is retired was not deleted.
 */
export const dehydratedPut = z.strictObject({ replaces: z.nullable(dehydratedId), device: dehydratedDevice });
/** GET /api/keys/dehydrated. `takenBy`: the device that reads it, for 10 minutes after it took it. */
export const dehydratedDevices = z.object({
  items: z.array(
    z.object({
      device_id: dehydratedId,
      device_data: opaque(DEHYDRATED_BYTES),
      state: z.enum(['current', 'retired']),
      takenBy: z.nullable(deviceId),
      inbox: count,
    }),
  ),
});
export type DehydratedDevices = z.infer<typeof dehydratedDevices>;
/** POST /api/keys/dehydrated/take: `stale` while another device has it. Taking it again lengthens it. */
export const dehydratedTake = z.strictObject({ device_id: dehydratedId });
/** GET /api/keys/dehydrated/inbox?device=…&after=number: an `inboxPage`. The id is to be percent-encoded. */
export const dehydratedInboxQuery = z.object({ device: dehydratedId, ...inboxQuery.shape });
/** DELETE /api/keys/dehydrated?device=…&upTo=number: `stale` where its inbox has a row behind that number. */
export const dehydratedDelete = z.object({ device: dehydratedId, upTo: queryCount });

/** GET and PUT /api/secrets. `number` is one more than that of the one before (the first is 1); else `stale`. */
export const sealedSecrets = z.strictObject({ number: z.int().check(z.positive()), sealed: opaque(SECRETS_BYTES) });
export type SealedSecrets = z.infer<typeof sealedSecrets>;

/** POST /api/backups: a new version of the sealed backup, empty; the same one again is no news. A fourth one is `no-room`. */
export const backupVersion = z.strictObject({ version: uuid, about: opaque(BACKUP_ABOUT_BYTES) });
export type BackupVersion = z.infer<typeof backupVersion>;
/** GET /api/backups, the newest version first. `number` and `manifest` are those of its last batch, 0 and null without one. */
export const backups = z.object({
  items: z.array(
    z.object({
      ...backupVersion.shape,
      createdAt: count,
      number: count,
      manifest: z.nullable(opaque(BACKUP_ABOUT_BYTES)),
      records: count,
      bytes: count,
    }),
  ),
});
export type Backups = z.infer<typeof backups>;
export const backupParams = z.object({ version: uuid });
export const backupBatchParams = z.object({
  version: uuid,
  number: z.coerce.number().check(z.int(), z.positive()),
});
/** A sealed session: which, from which message index on, and the ciphertext. */
export const backupRecord = z.strictObject({
  conversationId,
  session: z.string().check(z.minLength(1), z.maxLength(64)),
  index: count,
  sealed: z.string().check(z.refine(text => isAtMost(text, BACKUP_RECORD_BYTES), { error: 'too long' })),
});
export type BackupRecord = z.infer<typeof backupRecord>;
/**
 * PUT /api/backups/:version/batches/:number, where the number is one more than the last one's; else `stale`. The same batch
 * under the last number is no news. Nothing in a version is ever replaced: of equal sessions the one with the lowest index
 * counts, which the one who reads decides.
 */
export const backupBatch = z.strictObject({
  manifest: opaque(BACKUP_ABOUT_BYTES),
  records: z
    .array(backupRecord)
    .check(z.maxLength(BACKUP_BATCH_RECORDS))
    .check(z.refine(all => isAtMost(all, BACKUP_BATCH_BYTES), { error: 'too long' })),
});
export type BackupBatch = z.infer<typeof backupBatch>;
/** GET /api/backups/:version/batches?before=number: the newest first, without `before` from the last one. */
export const backupBatchesQuery = z.object({
  before: z.optional(z.coerce.number().check(z.int(), z.positive())),
  limit: upTo(BACKUP_PAGE_BATCHES),
});
export const backupBatches = z.object({ items: z.array(z.object({ number: count, ...backupBatch.shape })) });
export type BackupBatches = z.infer<typeof backupBatches>;
