import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Database } from './database.ts';
import { openWritable } from './file.ts';
import { startWriter, STORE_FILE } from './sqlite-store.ts';
import type { Write } from './verbs.ts';
import { StoreError } from '../store-error.ts';
import { commitGroup } from './write-group.ts';
import { WriteQueue } from './write-queue.ts';

const touch: Write = { verb: 'touchDevice', args: ['none', 1] };

/** A writing thread as `script` makes it, where `say` posts and `on` hears messages. */
const thread = (script: string): Worker =>
  new Worker(
    `const { parentPort } = require('node:worker_threads');
     const say = message => parentPort.postMessage(message);
     const on = listener => parentPort.on('message', listener);
     ${script}`,
    { eval: true },
  );

/** Settles every group, and answers each write with the number of writes its group had. */
const COUNTING = `on(message => {
  if (message.kind === 'close') return parentPort.close();
  const outcomes = message.writes.map(() => ({ ok: true, value: message.writes.length }));
  setTimeout(() => say({ kind: 'outcomes', outcomes }), 20);
});`;

const faults = async (writes: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(writes)).map(settled =>
    settled.status === 'rejected' && settled.reason instanceof StoreError ? settled.reason.fault : settled,
  );

describe('the write queue', () => {
  it('lets a lone write go at once, and groups what comes while the disk works, 64 at most', async () => {
    const queue = new WriteQueue(thread(COUNTING));
    const lone = queue.write(touch);
    await new Promise(setImmediate);
    const others = Array.from({ length: 100 }, () => queue.write(touch));
    expect(await lone).toBe(1);
    const sizes = await Promise.all(others);
    expect(sizes).toEqual([...Array.from({ length: 64 }, () => 64), ...Array.from({ length: 36 }, () => 36)]);
    await queue.close();
  });

  it('groups what is asked in one turn', async () => {
    const queue = new WriteQueue(thread(COUNTING));
    expect(await Promise.all([queue.write(touch), queue.write(touch), queue.write(touch)])).toEqual([3, 3, 3]);
    await queue.close();
  });

  it('drains before it closes, and takes nothing afterwards', async () => {
    const queue = new WriteQueue(thread(COUNTING));
    const asked = Array.from({ length: 100 }, () => queue.write(touch));
    const closed = queue.close();
    expect(await faults([queue.write(touch)])).toEqual(['closed']);
    expect((await Promise.all(asked)).length).toBe(100);
    await closed;
    expect(queue.state).toBe('closed');
  });

  for (const [how, script] of [
    ['throws', `on(() => { throw new Error('disk on fire'); });`],
    ['exits', `on(() => process.exit(0));`],
    ['ends while it was asked nothing', `setTimeout(() => process.exit(3), 50);`],
  ] as const) {
    it(`is broken for good when its thread ${how}: every promise rejects, and later ones too`, async () => {
      const worker = thread(script);
      const queue = new WriteQueue(worker);
      const ended = new Promise(resolve => worker.once('exit', resolve));
      const asked = how.startsWith('ends') ? [] : Array.from({ length: 100 }, () => queue.write(touch));
      expect(new Set(await faults(asked))).toEqual(new Set(asked.length > 0 ? ['broken'] : []));
      await ended;
      expect(queue.state).toBe('broken');
      expect(await faults([queue.write(touch)])).toEqual(['broken']);
      await expectAsync(queue.close()).toBeResolved();
      expect(queue.state).toBe('broken');
    });
  }

  it('refuses what would fill the memory', async () => {
    const queue = new WriteQueue(
      thread(`on(message => {
      if (message.kind === 'close') return parentPort.close();
      say({ kind: 'outcomes', outcomes: message.writes.map(() => ({ ok: true })) });
    });`),
    );
    const asked = Array.from({ length: 20_001 }, () => queue.write(touch));
    const refused = (await faults(asked)).filter(fault => fault === 'overloaded');
    expect(refused.length).toBe(1);
    await queue.close();
  });
});

describe('a group of writes', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-store-'));
    path = join(directory, STORE_FILE);
  });
  afterEach(() => rm(directory, { recursive: true }));

  const createUser = (username: string): Write => {
    const id = randomUUID();
    const user = { id, username, displayName: 'X', passwordHash: 'h', role: 'user', at: 1 };
    return {
      verb: 'createUser',
      args: [user, { id: randomUUID(), userId: id, name: 'd', secretHash: 's', tokenHash: randomUUID(), at: 1 }],
    };
  };
  /** Fails when half of it is written: the device belongs to nobody. */
  const failing = (username: string): Write => {
    const { verb, args } = createUser(username);
    return { verb, args: [args[0], { ...(args[1] as object), userId: 'nobody' }] };
  };
  const names = (db: Database) => db.all`SELECT username FROM user ORDER BY username`.map(row => row['username']);

  it('S16: keeps the neighbours of a write that fails, and no half of it', () => {
    const db = openWritable({ path, now: 1 });
    const outcomes = commitGroup(db, [createUser('ada'), failing('eve'), createUser('bob')]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(names(db)).toEqual(['ada', 'bob']);
    db.close();
  });

  it('S16: answers for each write on a full disk what is really there, and goes on when there is room', () => {
    const db = openWritable({ path, now: 1 });
    commitGroup(db, [createUser('before')]);
    const id = String(db.get`SELECT id FROM user`?.['id']);
    db.exec(`PRAGMA max_page_count = ${Number(db.pragma('page_count')) + 1}`);
    const large = { version: 'v', type: 'image/png', bytes: new Uint8Array(200_000) };
    const group: Write[] = [createUser('c1'), { verb: 'setAvatar', args: [id, large] }, createUser('c2')];
    const [one, avatar, two] = commitGroup(db, group);
    expect(avatar?.ok).toBe(false);
    expect(db.all`SELECT * FROM avatar`).toEqual([]);
    expect(names(db)).toEqual(['before', ...(one?.ok ? ['c1'] : []), ...(two?.ok ? ['c2'] : [])]);
    db.exec('PRAGMA max_page_count = 1000000');
    expect(commitGroup(db, [createUser('d')])[0]?.ok).toBe(true);
    db.close();
  });

  it('S16: is acknowledged only when another connection sees it', async () => {
    const { worker } = await startWriter({ path, now: 1 });
    const queue = new WriteQueue(worker);
    const reader = new Database(path, { readOnly: true });
    for (let i = 0; i < 50; i++) {
      await queue.write(createUser(`user${i}`));
      expect(names(reader).length).toBe(i + 1);
    }
    reader.close();
    await queue.close();
  });
});
