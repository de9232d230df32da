import * as z from 'zod/mini';
import { AVATAR_BYTES, AVATAR_TYPES, role, settings } from '#protocol/api/account';
import { pushLanguage } from '#protocol/api/push';
import { media } from '#protocol/call-frames';
import { membership } from '#protocol/conversation';
import { endReason } from '#protocol/end-reason';
import { callId, conversationId, deviceAddress, deviceId, messageId, userId, uuid } from '#protocol/ids';
import { backupBatch, backupVersion, sealedSecrets } from '#protocol/keys/api';
import { SIGNED_OTHERS } from '#protocol/keys/limits';
import { crossSigningKey, deviceKeys, deviceList, keyUser } from '#protocol/keys/objects';
import { FRAME_BYTES } from '#protocol/limits';
import { username } from '#protocol/username';
import type { Kept } from '../store/transfer.ts';
import { malformed } from './lines.ts';

const count = z.int().check(z.nonnegative());
const time = count;
/** Hashes, names of devices, keys: whatever it is, it is no longer than this. */
const short = z.string().check(z.maxLength(256));
const base64 = z
  .string()
  .check(
    z.maxLength(Math.ceil(AVATAR_BYTES / 3) * 4),
    z.regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  );
/** Of a picture, as addresses name it. */
const version = z.string().check(z.regex(/^[0-9a-f]{1,64}$/));
const few = <T extends z.core.SomeType>(item: T) => z.array(item).check(z.maxLength(8));

const port = z.int().check(z.positive(), z.maximum(65_535));
const ports = z.strictObject({ https: port, http: port });
/** The first line: what belongs to the installation beside its store. `root` is its PEM file, `vapidKey` as it is kept. */
export const machine = z.strictObject({
  kind: z.literal('machine'),
  madeAt: time,
  root: z.nullable(z.string().check(z.maxLength(16_384))),
  vapidKey: z.nullable(short),
  ports: z.nullable(ports),
});
export type Machine = z.infer<typeof machine>;

const marks = { received: count, read: count };
const push = z.strictObject({
  endpoint: z.string().check(z.maxLength(2048), z.startsWith('https://')),
  p256dh: short,
  auth: short,
  language: pushLanguage,
  key: short,
  at: time,
});

/** A log with more people in one call was not written by us. */
const MOST_PARTIES = 500;
const party = z.strictObject({
  userId,
  deviceId: z.nullable(deviceId),
  joinedAt: z.nullable(time),
  leftAt: z.nullable(time),
  reason: z.nullable(endReason),
  withheld: z.boolean(),
});

const entry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('installation'), id: uuid, createdAt: time }),
  z.strictObject({
    kind: z.literal('user'),
    id: userId,
    username: z.nullable(username),
    // Not checked by today's rule: a backup may hold names of an older rule, and '' for a deleted account.
    displayName: z.string().check(z.maxLength(256)),
    passwordHash: short,
    role,
    disabled: z.boolean(),
    settings,
    callsSeen: count,
    createdAt: time,
  }),
  z.strictObject({ kind: z.literal('avatar'), userId, version, type: z.enum(AVATAR_TYPES), base64 }),
  z.strictObject({
    kind: z.literal('device'),
    id: deviceId,
    userId,
    name: short,
    secretHash: short,
    createdAt: time,
    lastSeen: time,
    signedInAt: time,
    refreshedAt: time,
    tokens: few(z.strictObject({ hash: short, gen: count })),
    push: z.nullable(push),
  }),
  z.strictObject({
    kind: z.literal('keyring'),
    userId,
    // As many as a line has room for.
    devices: z.array(z.strictObject({ id: deviceId, keys: deviceKeys })),
    identity: z.nullable(
      z.strictObject({ master: crossSigningKey, selfSigning: crossSigningKey, userSigning: crossSigningKey }),
    ),
    list: z.nullable(z.strictObject({ ...deviceList.shape, number: count })),
    signedOthers: z
      .array(z.strictObject({ user: keyUser, name: short, signatures: z.record(short, short) }))
      .check(z.maxLength(SIGNED_OTHERS)),
    secrets: z.nullable(sealedSecrets),
  }),
  z.strictObject({ kind: z.literal('sealedBackup'), userId, createdAt: time, ...backupVersion.shape }),
  z.strictObject({ kind: z.literal('sealedBatch'), userId, version: uuid, number: count, ...backupBatch.shape }),
  z.strictObject({
    kind: z.literal('pair'),
    id: conversationId,
    revision: count,
    members: few(z.strictObject({ user: userId, ...membership, ...marks })),
    relation: z.nullable(z.strictObject({ requestedBy: z.nullable(userId), hidden: z.boolean(), since: time })),
    blocks: few(z.strictObject({ by: userId, at: time, ...marks })),
    openedAt: z.nullable(time),
  }),
  z.strictObject({
    kind: z.literal('message'),
    seq: count,
    id: messageId,
    author: deviceAddress,
    at: time,
    counts: z.boolean(),
    data: z.string().check(z.maxLength(FRAME_BYTES)),
    withheldFrom: few(userId),
    retracted: z.boolean(),
    expiresAt: z.nullable(time),
  }),
  z.strictObject({
    kind: z.literal('call'),
    callId,
    position: count,
    media,
    conversationId: z.nullable(conversationId),
    state: z.literal('ended'),
    at: time,
    parties: z.array(party).check(z.maxLength(MOST_PARTIES)),
  }),
]);

/**
 * @returns what a line of a backup says, its properties in one order whoever wrote them
 * @throws BackupError `malformed`
 */
export function readEntry(line: unknown): Kept {
  const read = entry.safeParse(line);
  if (!read.success) throw malformed('a line of it says what no store keeps', read.error);
  return read.data;
}

/** The first line. */
export function readMachine(line: unknown): Machine {
  const read = machine.safeParse(line);
  if (!read.success) throw malformed('it does not begin with the installation', read.error);
  return read.data;
}
