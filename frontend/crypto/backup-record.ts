import * as z from 'zod/mini';
import { provenance, type Provenance } from '#protocol/crypto/provenance';
import { type ConversationId, type UserId } from '#protocol/ids';
import { err, type Result } from '#protocol/result';
import { fields, fromBase64 } from './bytes.ts';
import { openJson, sealJson } from './sealed-box.ts';

/*
 * A session in the backup that the server keeps. The library's own format takes flipped bytes and keys that a server injects; here
 * each session is a sealed box that opens only in its own place.
 */

/** As the library exports a session; more fields are kept as they came. */
const exportedSession = z.looseObject({
  room_id: z.string(),
  session_id: z.string(),
  session_key: z.string(),
});
export type ExportedSession = z.infer<typeof exportedSession>;

const record = z.object({
  session: exportedSession,
  /** Who it was proved to be from; null: it was forwarded, and its author stays a claim. */
  provenance: z.nullable(provenance),
});
export interface SessionRecord {
  readonly session: ExportedSession;
  readonly provenance: Provenance | null;
}

/** Where a record belongs. */
export interface BackupPlace {
  readonly userId: UserId;
  readonly version: string;
  readonly conversationId: ConversationId;
  readonly sessionId: string;
  readonly firstIndex: number;
}

/** The user's and the conversation's id as the library writes it: a name within a domain that means nothing here. */
export const matrixRoom = (id: ConversationId): string => `!${id}:parley`;

/**
 * The first index that an exported session can decrypt: a version byte of 1, then 4 bytes, big-endian
 * (https://gitlab.matrix.org/matrix-org/olm/-/blob/master/docs/megolm.md, "Session export format").
 */
export function firstIndexOf({ session_key }: ExportedSession): number | null {
  const bytes = fromBase64(session_key);
  return bytes && bytes.length > 5 && bytes[0] === 1 ? new DataView(bytes.buffer).getUint32(1) : null;
}

const bound = ({ userId, version, conversationId, sessionId, firstIndex }: BackupPlace) =>
  fields('parley backup v1', userId, version, conversationId, sessionId, String(firstIndex));

const isOf = ({ session }: SessionRecord, place: BackupPlace): boolean =>
  session.room_id === matrixRoom(place.conversationId) &&
  session.session_id === place.sessionId &&
  firstIndexOf(session) === place.firstIndex;

/** @throws where the session is not the one of its place, which is a fault of this program */
export async function sealRecord(key: CryptoKey, place: BackupPlace, content: SessionRecord): Promise<string> {
  if (!isOf(content, place)) throw new Error('a session is sealed in its own place alone');
  return sealJson(key, content, bound(place));
}

export type RecordRefusal = 'tampered' | 'unreadable' | 'misplaced';

export async function openRecord(
  key: CryptoKey,
  place: BackupPlace,
  sealed: string,
): Promise<Result<SessionRecord, RecordRefusal>> {
  const opened = await openJson(key, sealed, bound(place), record);
  return !opened.ok || isOf(opened.value, place) ? opened : err('misplaced');
}

/** Whether a session is to take the place of the one that is kept: never where it can read less. */
export const readsMore = (kept: number | undefined, offered: number): boolean => kept === undefined || offered < kept;
