import { TestBed } from '@angular/core/testing';
import { Dexie } from 'dexie';
import { anId } from '#protocol/testing/ids';
import { type ConversationId } from '#protocol/ids';
import { callLogTables } from '../call-log/call-log-tables';
import { contactTables } from '../contacts/contact-tables';
import { LocalDatabase } from '../device/local-database';
import { DATABASE_OWNER, LOCAL_TABLES } from '../device/local-tables';
import { StorageState } from '../device/storage-state';
import { deviceTables } from '../settings/device-tables';
import { chatTables } from './chat-tables';
import { LocalChat } from './local-chat';

const CONVERSATION = anId<ConversationId>('c');
const PEER = { id: 'peer', username: 'mira', displayName: 'Mira Sand' };
const text = (body: string) => JSON.stringify({ kind: 'text', body });
const newer = '{"kind":"hologram","shape":[1,2]}';
const message = (seq: number, senderId: string, data: string) => ({
  conversationId: CONVERSATION,
  seq,
  id: `m${seq}`,
  senderId,
  deviceId: `${senderId}'s`,
  at: 1_700_000_000_000 + seq,
  data,
});

/** Frozen: the tables that apps before version 6 have made, and rows as they wrote them. */
const TABLES = {
  3: {
    contacts: 'person.id',
    conversations: 'id',
    messages: '[conversationId+seq], at',
    posts: 'id, order',
    drafts: 'conversationId',
    chatFacts: 'name',
    calls: 'callId, position',
  },
  5: { pictures: 'userId', confirmedDevices: 'id' },
};
const ROWS: Readonly<Record<string, readonly object[]>> = {
  contacts: [{ person: PEER, state: 'accepted', since: 1, conversationId: CONVERSATION }],
  conversations: [
    {
      id: CONVERSATION,
      peers: [PEER],
      lastSeq: 4,
      last: message(4, 'peer', newer),
      unread: 1,
      marks: [{ userId: 'me', received: 4, read: 3 }],
      held: { from: 1, to: 4 },
      active: 1_700_000_000_004,
    },
    { id: 'empty', peers: [], lastSeq: 0, last: null, marks: [], unread: 0, held: null, active: 5 },
  ],
  messages: [
    message(1, 'me', text('Where are you?')),
    { conversationId: CONVERSATION, seq: 2, withheld: true },
    message(3, 'peer', text('At the {{harbour}}')),
    message(4, 'peer', newer),
  ],
  posts: [
    { id: 'p1', conversationId: CONVERSATION, data: text('On my way'), at: 7, order: 7 },
    { id: 'p2', conversationId: CONVERSATION, data: text('Wait'), at: 8, order: 8, fault: 'not-contacts' },
  ],
  drafts: [{ conversationId: CONVERSATION, text: 'and then' }],
  chatFacts: [
    { name: 'epoch', value: 'e' },
    { name: 'sent', value: [message(1, 'me', text('Where are you?'))] },
  ],
  calls: [
    {
      callId: 'k',
      position: 1,
      direction: 'outgoing',
      peer: PEER,
      at: 1,
      answeredAt: 2,
      endedAt: 5,
      reason: 'hung-up',
    },
    { callId: 'm', position: 2, direction: 'incoming', peer: PEER, at: 7, seenHere: true },
  ],
};

describe('what an older app has kept', () => {
  let name: string;
  beforeEach(() => (name = `parley-spec-${crypto.randomUUID()}`));
  afterEach(async () => {
    TestBed.resetTestingModule();
    await Dexie.delete(name);
  });

  async function made(version: 3 | 5): Promise<void> {
    const older = new Dexie(name);
    older.version(version).stores(version === 5 ? { ...TABLES[3], ...TABLES[5] } : TABLES[3]);
    for (const [table, rows] of Object.entries(ROWS)) await older.table(table).bulkPut(rows);
    older.close();
  }

  function opened(): LocalChat {
    const features = [contactTables, chatTables, callLogTables, deviceTables];
    const leave: (() => Promise<void>)[] = [];
    TestBed.configureTestingModule({
      providers: [
        { provide: DATABASE_OWNER, useValue: { databaseName: () => name, beforeLeaving: leave.push.bind(leave) } },
        ...features.map(useValue => ({ provide: LOCAL_TABLES, useValue, multi: true })),
      ],
    });
    return TestBed.inject(LocalChat);
  }

  for (const version of [3, 5] as const) {
    it(`is decoded and complete after the upgrade from version ${version}`, async () => {
      await made(version);
      const local = opened();
      const entry = (seq: number, author: string, content: object) => ({
        conversationId: CONVERSATION,
        seq,
        id: `m${seq}`,
        at: 1_700_000_000_000 + seq,
        content,
        author: { userId: author, deviceId: `${author}'s` },
        counts: true,
      });
      const asked = entry(1, 'me', { kind: 'text', body: 'Where are you?' });
      const last = entry(4, 'peer', { kind: 'unknown', data: newer });
      expect<unknown>(await local.between(CONVERSATION, 0, Infinity)).toEqual([
        asked,
        ROWS['messages']![1],
        entry(3, 'peer', { kind: 'text', body: 'At the {{harbour}}' }),
        last,
      ]);
      const [conversation, empty] = ROWS['conversations']!;
      expect<unknown>(await local.conversations()).toEqual([{ ...conversation, last }, empty]);
      expect<unknown>(await local.posts()).toEqual([
        {
          id: 'p1',
          conversationId: CONVERSATION,
          content: { kind: 'text', body: 'On my way' },
          counts: true,
          at: 7,
          order: 7,
        },
        {
          id: 'p2',
          conversationId: CONVERSATION,
          content: { kind: 'text', body: 'Wait' },
          counts: true,
          at: 8,
          order: 8,
          fault: 'not-contacts',
        },
      ]);
      expect(await local.drafts()).toEqual(new Map([[CONVERSATION, 'and then']]));
      expect(await local.epoch()).toBe('e');
      expect<unknown>(await local.sent()).toEqual([asked]);
      const calls = await TestBed.inject(LocalDatabase).use(db => db.table('calls').ordered('position'));
      expect<unknown>(calls).toEqual([
        {
          callId: 'k',
          position: 1,
          direction: 'outgoing',
          others: [PEER],
          at: 1,
          answeredAt: 2,
          joinedAt: 1,
          leftAt: 5,
          reason: 'hung-up',
        },
        { callId: 'm', position: 2, direction: 'incoming', others: [PEER], at: 7, seenHere: true },
      ]);
      expect(TestBed.inject(StorageState).refusal()).toBeUndefined();
    });
  }

  it('is found by search and by author after the upgrade', async () => {
    await made(5);
    const local = opened();
    expect((await local.search(() => true, 10)).map(({ seq }) => seq)).toEqual([4, 3, 1]);
    expect((await local.ownOf(CONVERSATION, anId('me'))).map(({ seq }) => seq)).toEqual([1]);
    expect(await local.countOthers(CONVERSATION, 2, 4, anId('me'))).toBe(2);
  });
});
