import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ConversationId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { suiteNeeds } from '../../../../scripts/suite-needs.ts';
import { openSqliteStore, STORE_FILE } from './sqlite-store.ts';
import { Database } from './database.ts';

const CHILD = fileURLToPath(new URL('./durability-child.ts', import.meta.url));
const WRITERS = 20;
const SLOW_MS = 60_000;
const SYNCED = /f(data)?sync.*= 0$/;
const ACK = /write\(1, "ack (\d+) /;

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'parley-durable-'));

describe('the store after kill -9', () => {
  let directory: string;
  beforeEach(async () => (directory = await folder()));
  afterEach(() => rm(directory, { recursive: true }));

  /** Lets 20 writers post without end, kills the process after so many acknowledgements, and answers with all it said. */
  async function killedAfter(acks: number): Promise<string[][]> {
    const child = spawn(process.execPath, [CHILD, directory, `${WRITERS}`, '1000000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[][] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line.split(' '));
      if (lines.length === acks + 1) child.kill('SIGKILL');
    }
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    return lines;
  }

  for (const acks of [1, 150, 1_500]) {
    it(
      `S16: has every acknowledged post, in order, and no halves (killed after ${acks})`,
      async () => {
        const [[, id = '', reader = ''] = [], ...said] = await killedAfter(acks);
        const conversation = anId<ConversationId>(id);
        const store = await openSqliteStore(directory);
        const kept: string[] = [];
        for (let page; page === undefined || page.length > 0;) {
          page = await store.messagesSince(conversation, anId(reader), kept.length, 500);
          for (const message of page) {
            expect(message.seq).toBe(kept.length + 1);
            kept.push('data' in message ? message.data : '');
          }
        }
        for (const [, writer, i, seq] of said) expect(kept[Number(seq) - 1]).toBe(`${writer} ${i}`);
        expect(said.length).toBeGreaterThanOrEqual(acks);
        expect(await store.lastSeq(conversation)).toBe(kept.length);
        expectWritersInOrder(kept);
        await store.close();
        expectWhole(join(directory, STORE_FILE));
      },
      SLOW_MS,
    );
  }

  /** Each writer's posts are 0, 1, 2 … in the order of their places. */
  function expectWritersInOrder(kept: string[]): void {
    const next = new Map<string, number>();
    for (const data of kept) {
      const [writer = '', i] = data.split(' ');
      expect(Number(i)).toBe(next.get(writer) ?? 0);
      next.set(writer, Number(i) + 1);
    }
  }

  function expectWhole(file: string): void {
    const db = new Database(file);
    expect(db.pragma('integrity_check')).toBe('ok');
    expect(db.all`SELECT * FROM pragma_foreign_key_check`).toEqual([]);
    // What a post writes besides the message: the last place.
    const counted = db.get`
      SELECT (SELECT count(*) FROM message) AS messages, (SELECT max(lastSeq) FROM conversation) AS lastSeq`;
    expect(counted?.['lastSeq']).toBe(counted?.['messages'] ?? null);
    db.close();
  }
});

suiteNeeds(['strace'], 'the store under strace', () => {
  let directory: string;
  beforeEach(async () => (directory = await folder()));
  afterEach(() => rm(directory, { recursive: true }));

  /** The calls to the kernel, in order, that print an acknowledgement or have synced a file. */
  async function traced(writers: number, posts: number): Promise<string[]> {
    const trace = join(directory, 'trace');
    const watched = ['-f', '-qq', '-s', '64', '-e', 'trace=write,fsync,fdatasync', '-o', trace];
    const command = [process.execPath, CHILD, join(directory, 'data'), `${writers}`, `${posts}`];
    await promisify(execFile)('strace', [...watched, ...command]);
    return (await readFile(trace, 'utf8')).split('\n').filter(call => SYNCED.test(call) || ACK.test(call));
  }

  for (const [writers, posts] of [
    [1, 30],
    [3, 10],
  ] as const) {
    it(
      `S16: syncs before every acknowledgement (${writers} at once)`,
      async () => {
        // A post is asked for after its writer has had the last acknowledgement, so its own sync comes after that.
        const synced = new Map<string, boolean>();
        let acks = 0;
        for (const call of await traced(writers, posts)) {
          const writer = ACK.exec(call)?.[1];
          if (writer === undefined) for (const each of synced.keys()) synced.set(each, true);
          else {
            expect(synced.get(writer)).withContext(call).not.toBe(false);
            synced.set(writer, false);
            acks += 1;
          }
        }
        expect(acks).toBe(writers * posts);
      },
      SLOW_MS,
    );
  }
});
