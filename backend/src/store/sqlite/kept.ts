import { retractionOf, type Run } from '../conversation-run.ts';
import { nameKeys } from '../name-search.ts';
import { peopleOf, strangers } from '../../contacts/pair.ts';
import { writeParties } from './calls.ts';
import type { Database } from './database.ts';
import { writePair } from './pair.ts';
import { NO_KEYRING } from '../../keys/keyring.ts';
import { StoreError } from '../store-error.ts';
import { backupsOf, insertBatch } from './backups.ts';
import { saveKeyring } from './keyring.ts';
import type {
  Kept,
  KeptAvatar,
  KeptCall,
  KeptDevice,
  KeptKeyring,
  KeptMessage,
  KeptPair,
  KeptSealedBackup,
  KeptSealedBatch,
  KeptUser,
} from '../transfer.ts';

/**
 * Writes one entry as it is. Throws where a key is taken or refers to nothing.
 * @param run the conversation that a message is of
 */
export function insertKept(db: Database, entry: Kept, run: Run | undefined): void {
  switch (entry.kind) {
    case 'installation':
      return void db.run`UPDATE installation SET id = ${entry.id}, createdAt = ${entry.createdAt}`;
    case 'user':
      return insertUser(db, entry);
    case 'avatar':
      return insertAvatar(db, entry);
    case 'device':
      return insertDevice(db, entry);
    case 'keyring':
      return insertKeyring(db, entry);
    case 'sealedBackup':
    case 'sealedBatch':
      return insertSealed(db, entry);
    case 'pair':
      return insertPair(db, entry);
    case 'message':
      return run && insertMessage(db, entry, run);
    case 'call':
      return insertCall(db, entry);
  }
}

function insertUser(db: Database, user: KeptUser): void {
  const { id, username, displayName, passwordHash, role, callsSeen, createdAt } = user;
  db.run`
    INSERT INTO user (id, username, displayName, passwordHash, role, disabled, settings, callsSeen, createdAt)
    VALUES (${id}, ${username}, ${displayName}, ${passwordHash}, ${role}, ${Number(user.disabled)},
      ${JSON.stringify(user.settings)}, ${callsSeen}, ${createdAt})`;
  if (username === null) return;
  for (const key of nameKeys(displayName)) db.run`INSERT INTO nameKey (key, user) VALUES (${key}, ${id})`;
}

function insertAvatar(db: Database, { userId, version, type, base64 }: KeptAvatar): void {
  db.run`INSERT INTO avatar (user, version, type, bytes)
    VALUES (${userId}, ${version}, ${type}, ${Buffer.from(base64, 'base64')})`;
}

function insertDevice(db: Database, device: KeptDevice): void {
  const { id, userId, name, secretHash, createdAt, lastSeen, signedInAt, refreshedAt, tokens, push } = device;
  db.run`
    INSERT INTO device (id, userId, name, secretHash, createdAt, lastSeen, signedInAt, refreshedAt)
    VALUES (${id}, ${userId}, ${name}, ${secretHash}, ${createdAt}, ${lastSeen}, ${signedInAt}, ${refreshedAt})`;
  for (const { hash, gen } of tokens) {
    db.run`INSERT INTO refreshToken (hash, device, gen) VALUES (${hash}, ${id}, ${gen})`;
  }
  if (!push) return;
  db.run`INSERT INTO push (deviceId, endpoint, p256dh, auth, language, key, at)
    VALUES (${id}, ${push.endpoint}, ${push.p256dh}, ${push.auth}, ${push.language}, ${push.key}, ${push.at})`;
}

function insertKeyring(db: Database, { userId, devices, identity, list, signedOthers, secrets }: KeptKeyring): void {
  const ring = { devices, identity, list, signedOthers, secrets, dehydrated: [] };
  if (db.has`SELECT 1 FROM keyring WHERE user = ${userId}`) throw new StoreError('misfit', 'A keyring is there twice.');
  saveKeyring(db, userId, NO_KEYRING, ring);
}

function insertSealed(db: Database, entry: KeptSealedBackup | KeptSealedBatch): void {
  const { userId, version } = entry;
  if (entry.kind === 'sealedBackup') {
    db.run`INSERT INTO sealedBackup (user, version, about, createdAt)
      VALUES (${userId}, ${version}, ${JSON.stringify(entry.about)}, ${entry.createdAt})`;
    return;
  }
  const before = backupsOf(db, userId).find(one => one.version === version);
  if (!before) throw new StoreError('misfit', 'A batch is of no sealed backup.');
  // Also where all come to more than one may add: two processes on one MongoDB can come to a little more.
  insertBatch(db, userId, entry, before);
}

/** With the marks as they were; what follows from its messages is written behind the last of them. */
function insertPair(db: Database, { kind: _, id: __, revision: ___, ...pair }: KeptPair): void {
  writePair(db, strangers(...peopleOf(pair)), pair);
}

function insertMessage(db: Database, message: KeptMessage, run: Run): void {
  const { id: conversation } = run.pair;
  const { seq, id, author, at, counts, data, withheldFrom, retracted, expiresAt } = message;
  db.run`
    INSERT INTO message (conversationId, seq, id, authorId, deviceId, at, counts, data, retraction, expiresAt)
    VALUES (${conversation}, ${seq}, ${id}, ${author.userId}, ${author.deviceId}, ${at}, ${Number(counts)}, ${data},
      ${retractionOf(retracted, run)}, ${expiresAt})`;
  for (const user of withheldFrom) {
    db.run`INSERT INTO withheld (conversation, seq, user) VALUES (${conversation}, ${seq}, ${user})`;
  }
}

function insertCall(db: Database, { callId, position, media, conversationId, state, at, parties }: KeptCall): void {
  db.run`
    INSERT INTO call (callId, position, media, conversationId, state, at)
    VALUES (${callId}, ${position}, ${media}, ${conversationId}, ${state}, ${at})`;
  writeParties(db, position, parties);
}
