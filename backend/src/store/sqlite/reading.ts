import { join } from 'node:path';
import { role, settings } from '#protocol/api/account';
import { pushLanguage } from '#protocol/api/push';
import type { ConversationId, DeviceId, UserId } from '#protocol/ids';
import type { Clock } from '../../clock.ts';
import { directConversationId } from '../../chat/direct-conversation.ts';
import { lost } from '../../calls/lost-call.ts';
import { sealedOf } from './backups.ts';
import { callRow } from './calls.ts';
import { messageRow } from './chat.ts';
import { bytes, column, columns, flag, idText, integer, maybe, nullable, oneOf, text } from './columns.ts';
import type { Database, Row } from './database.ts';
import { openBeside } from './file.ts';
import { keptKeyring } from './keyring.ts';
import { readPair } from './pair.ts';
import { STORE_FILE } from './sqlite-store.ts';
import type { Kept, KeptCall, KeptDevice, KeptInstallation, KeptMessage, KeptUser, Reading } from '../transfer.ts';

const installation = columns<Omit<KeptInstallation, 'kind'>>({ id: text, createdAt: integer });
const user = columns<Omit<KeptUser, 'kind'>>({
  id: idText,
  username: nullable(text),
  displayName: text,
  passwordHash: text,
  role: oneOf(role.options),
  disabled: flag,
  settings: value => settings.parse(JSON.parse(text(value))),
  callsSeen: integer,
  createdAt: integer,
});
const device = columns<Omit<KeptDevice, 'kind' | 'tokens' | 'push'>>({
  id: idText,
  userId: idText,
  name: text,
  secretHash: text,
  createdAt: integer,
  lastSeen: integer,
  signedInAt: integer,
  refreshedAt: integer,
});
const token = columns<KeptDevice['tokens'][number]>({ hash: text, gen: integer });
const push = columns<NonNullable<KeptDevice['push']>>({
  endpoint: text,
  p256dh: text,
  auth: text,
  language: oneOf(pushLanguage.options),
  key: text,
  at: integer,
});
const couple = columns<{ a: UserId; b: UserId }>({ a: idText, b: idText });
const fateOf = columns<{ retraction: number | null; expiresAt: number | null }>({
  retraction: nullable(integer),
  expiresAt: nullable(integer),
});
const revisionColumn = column('revision', integer);

/**
 * S50. Reads a database beside a server that may run on it: one read transaction, so that everything is of one moment.
 * @throws StoreError as `openBeside` says
 */
export function readSqlite(directory: string, clock: Clock): Reading {
  const db = openBeside(join(directory, STORE_FILE));
  return {
    async *everything() {
      yield* everythingOf(db, clock.now());
    },
    close: async () => db.close(),
  };
}

function* everythingOf(db: Database, now: number): Generator<Kept> {
  yield { kind: 'installation', ...installation(db.get`SELECT * FROM installation` ?? {}) };
  for (const row of db.each`SELECT * FROM user ORDER BY id`) yield* personOf(db, { kind: 'user', ...user(row) });
  const pairs = db.each`
    SELECT a, b FROM contact
    UNION SELECT min(blocker, blocked), max(blocker, blocked) FROM block
    UNION SELECT min(user), max(user) FROM member GROUP BY conversation
    ORDER BY 1, 2`;
  for (const row of pairs) yield* pairOf(db, couple(row));
  for (const row of db.each`SELECT * FROM call ORDER BY position`) yield keptCall(db, row, now);
}

function* personOf(db: Database, person: KeptUser): Generator<Kept> {
  yield person;
  const picture = db.get`SELECT * FROM avatar WHERE user = ${person.id}`;
  if (picture) {
    const base64 = Buffer.from(bytes(picture['bytes'])).toString('base64');
    const about = { version: text(picture['version']), type: text(picture['type']) };
    yield { kind: 'avatar', userId: person.id, ...about, base64 };
  }
  for (const row of db.all`SELECT * FROM device WHERE userId = ${person.id} ORDER BY id`) {
    const own = device(row);
    yield { kind: 'device', ...own, tokens: tokensOf(db, own.id), push: pushOf(db, own.id) };
  }
  const ring = keptKeyring(db, person.id);
  if (ring) yield ring;
  yield* sealedOf(db, person.id);
}

const tokensOf = (db: Database, id: DeviceId) =>
  db.all`SELECT hash, gen FROM refreshToken WHERE device = ${id} AND supersededAt IS NULL ORDER BY gen`.map(token);

const pushOf = (db: Database, id: DeviceId) => maybe(db.get`SELECT * FROM push WHERE deviceId = ${id}`, push);

function* pairOf(db: Database, { a, b }: { a: UserId; b: UserId }): Generator<Kept> {
  const id = directConversationId(a, b);
  const revision = maybe(db.get`SELECT revision FROM conversation WHERE id = ${id}`, revisionColumn) ?? 0;
  yield { kind: 'pair', id, revision, ...readPair(db, a, b) };
  for (const row of db.each`SELECT * FROM message WHERE conversationId = ${id} ORDER BY seq`) {
    yield keptMessage(db, id, row);
  }
}

function keptMessage(db: Database, conversation: ConversationId, row: Row): KeptMessage {
  const { conversationId: _, ...own } = messageRow(row);
  const { retraction, expiresAt } = fateOf(row);
  const withheld = db.all`
    SELECT user FROM withheld WHERE conversation = ${conversation} AND seq = ${own.seq} ORDER BY user`;
  const withheldFrom = withheld.map(column<UserId>('user', idText));
  return { kind: 'message', ...own, withheldFrom, retracted: retraction !== null, expiresAt };
}

function keptCall(db: Database, row: Row, now: number): KeptCall {
  const call = callRow(db, row);
  return { kind: 'call', ...call, ...(call.state === 'ended' ? {} : lost(call, now)) };
}
