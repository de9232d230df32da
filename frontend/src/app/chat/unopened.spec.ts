import { TestBed } from '@angular/core/testing';
import { type Message } from '#protocol/chat-frames';
import { textOf } from '#protocol/content/kinds';
import { err, ok } from '#protocol/result';
import { isEntry } from './conversation';
import { LocalChat } from './local-chat';
import { ChatRoom, CONVERSATION, ME, message, until } from './testing/chat-room';
import { Unopened } from './unopened';

/** As the library writes it: version 3, then the index. */
const sealed = (seq: number, session: string): Message => ({
  ...message(seq),
  data: JSON.stringify({
    algorithm: 'm.megolm.v1.aes-sha2',
    ciphertext: btoa(String.fromCharCode(3, 8, seq, 0)),
    session_id: session,
  }),
});

describe('what waits for its keys', () => {
  let room: ChatRoom;
  /** Sessions with a key. */
  let known: Set<string>;
  let read: number[];

  beforeEach(async () => {
    room = new ChatRoom();
    known = new Set();
    read = [];
    room.keys.verbs['read'] = ({ seq, data }: Message) => {
      read.push(seq);
      const { session_id: session } = JSON.parse(data) as { session_id: string };
      return known.has(session) ? ok({ content: { kind: 'text', body: `opened ${seq}` } }) : err('no-key');
    };
    TestBed.inject(Unopened);
    await room.start();
  });
  afterEach(() => room.close());

  const kept = async () =>
    (await TestBed.inject(LocalChat).between(CONVERSATION, 0, Infinity)).filter(isEntry).map(entry => ({
      said: textOf(entry.content),
      sealed: entry.sealed,
    }));

  it('is opened when the keys come: the rows, the line of the list and what is drawn', async () => {
    room.messages = [sealed(1, 'a'), sealed(2, 'b')];
    room.signaling.live(ME);
    await until('stored', () => room.store.find(CONVERSATION)?.held?.to === 2);
    expect(await kept()).toEqual([
      { said: null, sealed: 'no-key' },
      { said: null, sealed: 'no-key' },
    ]);
    const drawn: number[] = [];
    room.store.arrivals.subscribe(({ messages }) => drawn.push(...messages.map(({ seq }) => seq)));
    known.add('b');
    room.keys.came.next();
    await until('opened', async () => (await kept())[1]?.said === 'opened 2');
    const last = room.store.find(CONVERSATION)?.last;
    expect(last && textOf(last.content)).toBe('opened 2');
    expect((await kept())[0]?.sealed).toBe('no-key');
    expect(drawn).toEqual([2]);
  });

  it('is tried one entry a session, however many wait, the newest first', async () => {
    room.messages = Array.from({ length: 60 }, (_, i) => sealed(i + 1, i < 30 ? 'a' : 'b'));
    room.signaling.live(ME);
    await until('stored', () => room.store.find(CONVERSATION)?.held?.to === 60);
    read = [];
    await TestBed.inject(Unopened).look();
    expect(read).toEqual([60, 30]);
    known.add('a').add('b');
    await TestBed.inject(Unopened).look();
    expect((await kept()).every(({ said }) => said !== null)).toBeTrue();
    read = [];
    await TestBed.inject(Unopened).look();
    expect(read).withContext('nothing waits').toEqual([]);
  });

  it('stays closed for good where it can never be opened', async () => {
    room.keys.verbs['read'] = () => err('damaged');
    room.messages = [sealed(1, 'a')];
    room.signaling.live(ME);
    await until('stored', () => room.store.find(CONVERSATION)?.held?.to === 1);
    expect(await kept()).toEqual([{ said: null, sealed: 'damaged' }]);
    expect(await TestBed.inject(LocalChat).waiting(Infinity, 10)).toEqual([]);
  });
});
