import { type ConversationId } from '#protocol/ids';
import { type BackupRecord as SentRecord } from '#protocol/keys/api';
import {
  firstIndexOf,
  openRecord,
  readsMore,
  sealRecord,
  type SessionRecord,
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

const ROOM = /^!(.*):parley$/;

/** These sessions of this device's store as sealed records, with who each was proved to be from. */
export async function sealSessions(
  olm: Olm,
  { key, version }: BackupOf,
  which: ReadonlySet<string>,
): Promise<SentRecord[]> {
  const exported = JSON.parse(
    await olm.library.exportRoomKeys(({ sessionId }) => which.has(sessionId)),
  ) as ExportedSession[];
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

/** What came of an import. */
export interface Imported {
  readonly imported: number;
  /** Records that do not open in their place, by what was wrong. */
  readonly refused: ReadonlyMap<RecordRefusal, number>;
}

/**
 * Imports records of a backup. The library knows no sender of an imported session, so the record of the proved sender is kept beside
 * it; a message that a session without such a record decrypts is not drawn as a message of any person.
 */
export async function importSessions(
  olm: Olm,
  { key, version }: BackupOf,
  records: readonly SentRecord[],
): Promise<Imported> {
  const refused = new Map<RecordRefusal, number>();
  const best = new Map<string, { index: number; record: SessionRecord }>();
  for (const { conversationId, session, index, sealed } of records) {
    const place = { userId: olm.own.userId, version, conversationId, sessionId: session, firstIndex: index };
    const opened = await openRecord(key, place, sealed);
    if (!opened.ok) refused.set(opened.error, (refused.get(opened.error) ?? 0) + 1);
    else if (readsMore(best.get(session)?.index, index)) best.set(session, { index, record: opened.value });
  }
  const sessions = [...best.values()].map(({ record }) => record);
  for (const { session, provenance } of sessions) {
    if (provenance) await olm.rows.claim('proof', session.session_id, provenance);
  }
  const all = JSON.stringify(sessions.map(({ session }) => session));
  const { importedCount } = await olm.library.importExportedRoomKeys(all, () => undefined);
  return { imported: importedCount, refused };
}
