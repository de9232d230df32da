import { TestBed } from '@angular/core/testing';
import { Dexie } from 'dexie';
import { type Conversation as ServerConversation } from '#protocol/api/conversations';
import { type DeviceId, type MessageId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { inParts } from './arrived';
import { chatTables } from './chat-tables';
import { type Conversation, merged, type Stored } from './conversation';
import { DataWorker } from './data-worker';
import { CONVERSATION, direct, entry, ME, message, PEER, retracted } from './testing/chat-room';
import { schemasOf, versionsOf } from '../device/local-versions';

/** An id as a server makes them: what comes is checked. */
const uuid = (n: number): string => `0a0a0a0a-0000-4000-8000-${String(n).padStart(12, '0')}`;
const own = anId<UserId>(uuid(1));
const peer = { ...PEER, id: anId<UserId>(uuid(2)) };
const author = { userId: peer.id, deviceId: anId<DeviceId>(uuid(3)) };
const sent = (seq: number) => ({ ...message(seq), id: anId<MessageId>(uuid(10 + seq)), author });
const stored = (seq: number) => ({ ...entry(seq), id: anId<MessageId>(uuid(10 + seq)), author });
const gone = { ...retracted(2), id: anId<MessageId>(uuid(12)), author };

const CONVERSED = { ...direct(CONVERSATION, peer), own: { userId: own, role: 'member', from: 1, to: null } } as const;
const LISTED: ServerConversation = {
  ...CONVERSED,
  lastSeq: 3,
  last: sent(3),
  entries: [1, 2, 3].map(seq => sent(seq)),
};

let databases = 0;

describe('the data worker', () => {
  let worker: DataWorker;
  let database: Dexie;
  const addresses: string[] = [];
  /** An address at which a page of the list is. */
  const served = (...items: readonly unknown[]): string => {
    const address = URL.createObjectURL(new Blob([JSON.stringify({ items })]));
    addresses.push(address);
    return address;
  };
  const kept = (): Promise<Stored[]> => database.table<Stored>('messages').toArray();
  const after = (): Conversation[] => [{ ...merged(undefined, CONVERSED, own), held: { from: 1, to: 3 } }];

  beforeEach(async () => {
    worker = TestBed.inject(DataWorker);
    database = new Dexie(`worker-spec-${Date.now()}-${databases++}`);
    database.version(versionsOf([chatTables]).at(-1)?.number ?? 0).stores(schemasOf([chatTables]));
    await database.open();
    expect(worker.isThere()).toBeTrue();
  });
  afterEach(async () => {
    addresses.splice(0).forEach(address => URL.revokeObjectURL(address));
    await database.delete();
  });

  it('lists conversations without their entries, and stores these decoded, with what was retracted since', async () => {
    const { n, listed } = await worker.list(served(LISTED), 'token', 'everywhere');
    const { entries: _, last: __, ...plain } = LISTED;
    expect(listed).toEqual({ ok: true, value: { items: [{ ...plain, last: stored(3), run: { from: 1, to: 3 } }] } });
    expect(await kept()).toEqual([]);
    expect(await worker.keep(n, database.name, after(), [gone])).toBeUndefined();
    expect(await kept()).toEqual([stored(1), gone, stored(3)]);
    expect(await database.table('conversations').toArray()).toEqual(after());
  });

  it('leaves what was opened before as it is', async () => {
    const opened = { ...stored(2), content: { kind: 'text', body: 'opened' } } as const;
    await database.table('messages').put(opened);
    const { n } = await worker.list(served(LISTED), 'token', null);
    await worker.keep(n, database.name, after(), []);
    const now = await kept();
    expect(now[1]).toEqual(opened);
    expect([now[0], now[2]].map(one => one && 'sealed' in one && one.sealed)).toEqual(['unopened', 'unopened']);
  });

  it('leaves a conversation of which the page has heard more meanwhile as it is', async () => {
    const { n } = await worker.list(served(LISTED), 'token', 'everywhere');
    const heard = after().map(one => ({ ...one, lastSeq: 4, last: stored(4) }));
    await database.table('conversations').bulkPut(heard);
    await worker.keep(n, database.name, after(), []);
    expect(await database.table('conversations').toArray()).toEqual(heard);
    expect((await kept()).length).toBe(3);
  });

  it('says what is wrong with an answer, and goes on', async () => {
    const { listed } = await worker.list(served({ id: 'none' }), 'token', 'everywhere');
    expect(listed).toEqual({ ok: false, error: { kind: 'unreadable' } });
    expect((await worker.list(served(LISTED), 'token', 'everywhere')).listed.ok).toBeTrue();
  });

  it('hands over what it cannot store, and makes no database that is gone', async () => {
    const name = `gone-${Date.now()}`;
    for (const where of [name, undefined]) {
      const { n } = await worker.list(served(LISTED), 'token', 'everywhere');
      expect(await worker.keep(n, where, after(), [])).toEqual({ unkept: [stored(1), stored(2), stored(3)] });
    }
    expect((await indexedDB.databases()).map(one => one.name)).not.toContain(name);
  });
});

describe('what is stored at once', () => {
  it('is at most 200 rows, and each conversation with all that it then holds', () => {
    const conversations = Array.from({ length: 12 }, (_, n) => {
      const one = merged(undefined, direct(CONVERSATION, PEER), ME);
      return { ...one, id: `${one.id.slice(0, -2)}${10 + n}` as typeof one.id };
    });
    const entries = conversations.flatMap(({ id }) =>
      Array.from({ length: 30 }, (_, i) => ({ ...entry(i + 1), conversationId: id })),
    );
    const parts = inParts(entries, conversations, []);
    expect(parts.map(part => part.entries.length + part.after.length)).toEqual([186, 186]);
    for (const part of parts) {
      const ids = new Set(part.after.map(({ id }) => id));
      expect(part.entries.every(one => ids.has(one.conversationId))).toBeTrue();
    }
    expect(parts.flatMap(part => part.entries)).toEqual(entries);
  });
});
