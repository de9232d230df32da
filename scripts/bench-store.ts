import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newMessage, someFriends } from '../backend/src/store/contract/people.ts';
import { Database } from '../backend/src/store/sqlite/database.ts';
import { openSqliteStore } from '../backend/src/store/sqlite/sqlite-store.ts';
import { openMongoStore } from '../backend/src/store/mongo/mongo-store.ts';
import type { Store } from '../backend/src/store/store.ts';
import { isThere, specDatabase, stopMongo } from '../backend/src/testing/mongo.ts';
import type { NewMessage } from '../backend/src/store/chat.ts';
import { spread } from './bench-spread.ts';

/*
 * What a message costs in the store, against rows of the same size written to bare SQLite in groups of as many, both
 * synced at each commit. CPU of the whole process, because the disk and other programs decide about the rest.
 * Then the same store over MongoDB, where there is one.
 *   node scripts/bench-store.ts [messages]
 */
const count = Number(process.argv[2] ?? 20_000);
const GROUP = 64;
/** How many posts the latency is taken of. */
const LONE = 500;
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
  db.run`INSERT INTO message VALUES (${m.conversationId}, ${seq}, ${m.id}, ${m.author.userId}, ${m.author.deviceId}, ${m.at}, ${m.data})`;

/** Posts by one writer, each asked for when the last is durable: what a person waits for, without the network. */
async function latency(name: string, store: Store): Promise<void> {
  const [ada, , conversation] = await someFriends(store);
  const took: number[] = [];
  for (let i = 0; i < LONE; i++) {
    const start = performance.now();
    await store.appendMessage(newMessage(conversation, ada, TEXT));
    took.push(performance.now() - start);
  }
  console.log(`${name}: post to durable ${spread(took)}`);
}

/** All at once in lots: the figure of many who write. */
async function throughput(name: string, store: Store): Promise<number> {
  const [ada, bob, conversation] = await someFriends(store);
  const messages = Array.from({ length: count }, (_, i) => newMessage(conversation, i % 2 ? ada : bob, TEXT));
  return measured(name, async () => {
    for (let from = 0; from < count; from += 10_000) {
      await Promise.all(messages.slice(from, from + 10_000).map(message => store.appendMessage(message)));
    }
  });
}

const directory = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const store = await openSqliteStore(directory);
const [ada, , conversation] = await someFriends(store);
const messages = Array.from({ length: count }, () => newMessage(conversation, ada, TEXT));
const bare = await measured('bare SQLite', () => writeBare(join(directory, 'bare.sqlite'), messages));
const ours = await throughput('SQLite', store);
console.log(`the store costs ${(ours / bare).toFixed(2)} × bare SQLite`);
await latency('SQLite', store);
await store.close();
rmSync(directory, { recursive: true });

if (!isThere) console.log('MongoDB: not measured, needs MONGO_URL or a mongod');
else {
  const database = await specDatabase();
  const mongo = await openMongoStore(database.url);
  await throughput('MongoDB', mongo);
  await latency('MongoDB', mongo);
  await mongo.close();
  await database.drop();
  await stopMongo();
}
