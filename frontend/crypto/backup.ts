import { type ConversationId } from '#protocol/ids';
import { type BackupRecord as SentRecord } from '#protocol/keys/api';
import {
  firstIndexOf,
  openRecord,
  readsMore,
  sealRecord,
  type BackupRecord,
  type ExportedSession,
  type RecordRefusal,
} from './backup-record.ts';
import { type Olm } from './olm.ts';

/** The backup of one person under one key. */
export interface BackupOf {
  readonly key: CryptoKey;
  /** Of this backup on the server: another key begins another version. */
  readonly version: string;
}

/** What came of a restore. */
export interface Restored {
  readonly imported: number;
  /** Records that the server, or somebody behind it, has changed, by what was wrong. */
  readonly refused: ReadonlyMap<RecordRefusal, number>;
}

const ROOM = /^!(.*):parley$/;

/** Every session of this device's store as a sealed record, with who it was proved to be from. */
export async function sealSessions(olm: Olm, { key, version }: BackupOf): Promise<SentRecord[]> {
  const exported = JSON.parse(await olm.library.exportRoomKeys(() => true)) as ExportedSession[];
  const records: SentRecord[] = [];
  for (const session of exported) {
    const conversationId = ROOM.exec(session.room_id)?.[1] as ConversationId | undefined;
    const index = firstIndexOf(session);
    if (conversationId === undefined || index === null) continue;
    const place = { userId: olm.own.userId, version, conversationId, sessionId: session.session_id, firstIndex: index };
    const provenance = (await olm.rows.get('proof', session.session_id)) ?? null;
    const sealed = await sealRecord(key, place, { session, provenance });
    records.push({ conversationId, session: session.session_id, index, sealed });
  }
  return records;
}

/**
 * Imports what the server hands out of a backup. An imported session is nobody's to the library, so the record of who it was proved to
 * be from is kept beside it; without one nothing that it decrypts is drawn as anybody's.
 */
export async function restoreSessions(
  olm: Olm,
  { key, version }: BackupOf,
  records: readonly SentRecord[],
): Promise<Restored> {
  const refused = new Map<RecordRefusal, number>();
  const best = new Map<string, { index: number; record: BackupRecord }>();
  for (const { conversationId, session, index, sealed } of records) {
    const place = { userId: olm.own.userId, version, conversationId, sessionId: session, firstIndex: index };
    const opened = await openRecord(key, place, sealed);
    if (!opened.ok) refused.set(opened.error, (refused.get(opened.error) ?? 0) + 1);
    else if (readsMore(best.get(session)?.index, index)) best.set(session, { index, record: opened.value });
  }
  const sessions = [...best.values()].map(({ record }) => record);
  for (const { session, provenance } of sessions) {
    const known = await olm.rows.get('proof', session.session_id);
    if (provenance && !known) await olm.rows.put('proof', session.session_id, provenance);
  }
  const all = JSON.stringify(sessions.map(({ session }) => session));
  const { importedCount } = await olm.library.importExportedRoomKeys(all, () => undefined);
  return { imported: importedCount, refused };
}
