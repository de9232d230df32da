import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Dexie } from 'dexie';
import { type Person } from '#protocol/api/account';
import { type Conversation as Listed } from '#protocol/api/conversations';
import { type Message, type Placed, type RetractedMessage } from '#protocol/chat-frames';
import { contentOf, dataOf } from '#protocol/content/kinds';
import { type ConversationId, type UserId } from '#protocol/ids';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { Account } from '../../account/account';
import { Api } from '../../account/api';
import { DATABASE_OWNER, LOCAL_TABLES } from '../../device/local-tables';
import { schemasOf, versionsOf } from '../../device/local-versions';
import { callLogTables } from '../../call-log/call-log-tables';
import { KeysDouble, provideKeys } from '../../crypto/testing/keys-double';
import { FakeSignaling } from '../../signaling/testing/fake-signaling';
import { Signaling } from '../../signaling/signaling';
import { ChatLink } from '../chat-link';
import { chatTables } from '../chat-tables';
import { type Entry, type Stored } from '../conversation';
import { START_DATA_WORKER } from '../data-worker';
import { ConversationStore } from '../conversation-store';
import { Posts } from '../posts';

export const ME = anId<UserId>('me');
export const PEER = { id: anId<UserId>('peer'), username: 'mira', displayName: 'Mira Sand' };
export const CONVERSATION = anId<ConversationId>('c0000000-0000-4000-8000-000000000000');

/** What the server lists of a conversation with nothing in it. */
export const direct = (id: ConversationId, peer: Person) =>
  ({
    id,
    kind: 'direct',
    peers: [peer],
    lastSeq: 0,
    marks: [],
    unread: 0,
    retractions: 0,
    activeAt: 0,
    own: { userId: ME, role: 'member', from: 1, to: null },
  }) satisfies Listed;

/** As the server sends it. */
export const message = (seq: number, senderId = PEER.id, text = `message ${seq}`): Message => ({
  conversationId: CONVERSATION,
  seq,
  id: anId(`m${seq}`),
  author: { userId: senderId, deviceId: anId(senderId === ME ? 'device' : 'other') },
  at: 1_700_000_000_000 + seq * 1000,
  counts: true,
  data: dataOf({ kind: 'text', body: text }),
});

/** As this device keeps it. */
export function entry(...about: Parameters<typeof message>): Entry {
  const { data, ...others } = message(...about);
  return { ...others, content: contentOf(data) };
}

/** The same place without its data. */
export function retracted(...about: Parameters<typeof message>): RetractedMessage {
  const { conversationId, seq, id, author, at } = message(...about);
  return { conversationId, seq, id, author, at, retracted: true };
}

let databases = 0;

/** The rooms of the chat over a real IndexedDB, with a server that is a list of messages. */
export class ChatRoom {
  readonly signaling = new FakeSignaling();
  readonly keys = new KeysDouble();
  readonly requests: string[] = [];
  readonly database: Dexie;
  /** What the server keeps of the one conversation. */
  messages: Placed[] = [];
  /** What was retracted, in that order. */
  retracted: RetractedMessage[] = [];
  listed: Partial<Listed> = {};
  /** Further conversations. */
  others: Listed[] = [];
  answers = true;

  constructor(database?: Dexie) {
    this.database = database ?? new Dexie(`spec-${Date.now()}-${databases++}`);
    const features = [chatTables, callLogTables];
    if (!database) this.database.version(versionsOf(features).at(-1)?.number ?? 0).stores(schemasOf(features));
    const account = {
      me: signal({ ...PEER, id: ME }),
      unsent: signal(0),
      databaseName: () => this.database.name,
      beforeLeaving: () => undefined,
      address: () => ({ userId: ME, deviceId: anId('device') }),
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: Signaling, useValue: this.signaling },
        { provide: LOCAL_TABLES, useValue: chatTables, multi: true },
        { provide: LOCAL_TABLES, useValue: callLogTables, multi: true },
        { provide: Account, useValue: account },
        { provide: DATABASE_OWNER, useExisting: Account },
        provideKeys(this.keys),
        // The server that is asked is here.
        { provide: START_DATA_WORKER, useValue: () => undefined },
        { provide: Api, useValue: { request: (_method: string, path: string) => Promise.resolve(this.#answer(path)) } },
      ],
    });
  }

  get store(): ConversationStore {
    return TestBed.inject(ConversationStore);
  }
  get posts(): Posts {
    return TestBed.inject(Posts);
  }

  /** What is kept on the device, by seq. */
  async kept(): Promise<number[]> {
    const rows = await this.database.table<Stored>('messages').toArray();
    return rows.map(({ seq }) => seq);
  }

  async start(): Promise<void> {
    await TestBed.inject(ChatLink).start();
  }

  /** The server's answers, as far as a chat asks. */
  #answer(path: string) {
    this.requests.push(path);
    if (!this.answers) return err({ kind: 'unreachable' as const });
    const query = new URLSearchParams(path.split('?')[1]);
    if (path.startsWith('/api/conversations?')) return ok(this.#page(query));
    const [after, before] = [query.get('after'), query.get('before')];
    const limit = Number(query.get('limit'));
    if (path.includes('/retractions?')) return ok(this.#retractions(Number(after), limit));
    const items = after
      ? this.messages.filter(({ seq }) => seq > Number(after)).slice(0, limit)
      : this.messages.filter(({ seq }) => seq < Number(before)).slice(-limit);
    return ok({ items, lastSeq: this.messages.length });
  }

  #retractions(after: number, limit: number) {
    const items = this.retracted.slice(after, after + limit);
    return { items, upTo: after + items.length };
  }

  /** A page of the list; others than the one conversation come with their newest entries where those are asked for. */
  #page(query: URLSearchParams) {
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit'));
    const recent = Number(query.get('recent'));
    const all = [this.#conversation(), ...this.others];
    const items = all.slice(from, to).map((one, i) => {
      return i < recent && one.id !== CONVERSATION && one.last ? { ...one, entries: [one.last] } : one;
    });
    return { items, ...(to < all.length ? { next: String(to) } : {}) };
  }

  /** The conversation as it is listed now, without messages. */
  listedNow() {
    const { last: _, entries: __, ...listed } = this.#conversation();
    return listed;
  }

  #conversation(): Listed {
    const last = this.messages.filter(one => 'data' in one).at(-1);
    const base = { ...direct(CONVERSATION, PEER), lastSeq: this.messages.length, retractions: this.retracted.length };
    return { ...base, ...(last ? { last } : {}), ...this.listed };
  }

  /** Ends this page and opens the next on the same device. */
  reload(): ChatRoom {
    TestBed.resetTestingModule();
    const next = new ChatRoom(this.database);
    next.messages = this.messages;
    next.retracted = this.retracted;
    return next;
  }

  /** Lets what is under way end, and leaves nothing behind. */
  async close(): Promise<void> {
    TestBed.resetTestingModule();
    await new Promise(resolve => requestIdleCallback(resolve));
    await this.database.delete();
  }
}

/** A machine that runs three lanes of tests is slow; below the limit of a spec, so that what was waited for is named. */
const PATIENCE_MS = 20_000;

/** Waits for a state; a spec that never reaches it fails with its name. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    TestBed.tick();
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
