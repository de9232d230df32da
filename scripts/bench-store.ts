import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { befriend, newMessage, somebody } from '../backend/src/store/contract/people.ts';
import { Database } from '../backend/src/store/sqlite-database.ts';
import { openSqliteStore } from '../backend/src/store/sqlite-store.ts';
import type { NewMessage } from '../backend/src/store/store-chat.ts';

/*
 * What a message costs in the store, against rows of the same size written to bare SQLite in groups of as many, both
 * synced at each commit. CPU of the whole process, because the disk and other programs decide about the rest.
 *   node scripts/bench-store.ts [messages]
 */
const count = Number(process.argv[2] ?? 20_000);
const GROUP = 64;
const TEXT = JSON.stringify({ kind: 'text', body: 'Shall we meet at seven? The others come later.' });

async function measured(name: string, work: () => Promise<void> | void): Promise<number> {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const each = (user + system) / count;
  const rate = (count / (performance.now() - start)) * 1_000;
  console.log(`${name}: ${each.toFixed(1)} µs CPU a message, ${Math.round(rate)} messages a second`);
  return each;
}

function writeBare(file: string, messages: readonly NewMessage[]): void {
  const db = new Database(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE message (conversation TEXT, seq INTEGER, id TEXT, sender TEXT, device TEXT, at INTEGER, data TEXT,
      PRIMARY KEY (conversation, seq), UNIQUE (conversation, sender, id)) STRICT`);
  for (let from = 0; from < messages.length; from += GROUP) {
    db.transaction('write', () => {
      messages.slice(from, from + GROUP).forEach((message, i) => insert(db, message, from + i + 1));
    });
  }
  db.close();
}

const insert = (db: Database, m: NewMessage, seq: number): number =>
  db.run`INSERT INTO message VALUES (${m.conversationId}, ${seq}, ${m.id}, ${m.senderId}, ${m.deviceId}, ${m.at}, ${m.data})`;

const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const store = await openSqliteStore(directory);
const [ada, bob] = [await somebody(store), await somebody(store)];
const conversation = await befriend(store, ada, bob);
const messages = Array.from({ length: count }, (_, i) =>
  newMessage(conversation, i % 2 ? ada : bob, TEXT, { id: randomUUID() }),
);

const bare = await measured('bare SQLite', () => writeBare(join(directory, 'bare.sqlite'), messages));
const ours = await measured('the store', async () => {
  for (let from = 0; from < count; from += 10_000) {
    await Promise.all(messages.slice(from, from + 10_000).map(message => store.appendMessage(message)));
  }
});
console.log(`the store costs ${(ours / bare).toFixed(2)} × bare SQLite`);
await store.close();
rmSync(directory, { recursive: true });
