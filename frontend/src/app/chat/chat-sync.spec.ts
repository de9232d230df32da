import { TestBed } from '@angular/core/testing';
import { type Conversation as Listed } from '#protocol/api/conversations';
import { type ConversationId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { ChatSummaries } from './chat-summaries';
import { ChatSync } from './chat-sync';
import { Drafts } from './drafts';
import { LocalChat } from './local-chat';
import { type Summary } from './preview';
import { ChatRoom, CONVERSATION, direct, entry, ME, message, PEER, until } from './testing/chat-room';

/** A conversation with somebody of their own, one message in it. */
const other = (n: number): Listed => {
  const id = anId<ConversationId>(`c${n}`);
  const last = { ...message(1, anId(`peer${n}`)), conversationId: id };
  const peer = { ...PEER, id: anId<UserId>(`peer${n}`) };
  return { ...direct(id, peer), lastSeq: 1, last, unread: 1, activeAt: last.at - n };
};

describe('the first sync', () => {
  let room: ChatRoom;
  beforeEach(() => {
    room = new ChatRoom();
    room.others = Array.from({ length: 999 }, (_, n) => other(n));
    room.messages = [message(1)];
  });
  afterEach(() => room.close());

  const sync = () => TestBed.inject(ChatSync);
  const summaries = () => TestBed.inject(ChatSummaries);
  const done = async () => {
    await room.start();
    room.signaling.live(ME);
    await until('the list is there', () => sync().done());
  };

  it('is a handful of requests for a thousand conversations, and none for each of them', async () => {
    await done();
    expect(room.requests.length).toBeLessThanOrEqual(3);
    expect(summaries().order().length).toBe(1_000);
    const held = room.store.list().filter(one => one.held);
    expect(held.length).withContext('the newest have come with what they show first').toBeGreaterThanOrEqual(19);
    expect((await room.database.table('conversations').count()) >= 1_000).toBeTrue();
  });

  it('fetches the others in the background, twenty in a request', async () => {
    await done();
    room.others = room.others.slice(0, 99);
    await until('more are held', () => room.store.list().filter(one => one.held).length >= 60);
    const asked = room.requests.filter(path => path.includes('/messages'));
    expect(asked.length).withContext('one by one only where no page brings them').toBeLessThanOrEqual(1);
  });

  it('is not repeated by a letter that is typed: one row is news, the order and the others are not', async () => {
    await done();
    const order = summaries().order();
    const [mine, others] = [
      summaries().of(CONVERSATION),
      summaries()
        .list()
        .filter(row => row.conversation.id !== CONVERSATION),
    ];
    TestBed.inject(Drafts).set(CONVERSATION, 'a');
    expect(summaries().order()).toBe(order);
    expect(summaries().of(CONVERSATION)).not.toBe(mine);
    expect(summaries().of(CONVERSATION)?.preview).toEqual({ kind: 'draft', text: 'a' });
    const now = summaries()
      .list()
      .filter(row => row.conversation.id !== CONVERSATION);
    expect(now.every((row, i) => row === others[i])).toBeTrue();
  });

  it('draws no row again that is listed once more without a change', async () => {
    await done();
    await until('they are held', () => room.store.list().filter(one => one.held).length >= 19);
    const before = summaries().list();
    const asked = room.requests.length;
    await sync().all();
    expect(room.requests.length).toBeGreaterThan(asked);
    const now = new Map(
      summaries()
        .list()
        .map(row => [row.conversation.id, row]),
    );
    const again = before.filter(row => row.conversation.held && now.get(row.conversation.id) !== row);
    expect(again.map(row => row.conversation.id)).toEqual([]);
  });

  it('tells a row of its own message alone, and moves it to the top', async () => {
    await done();
    const before = summaries().list();
    const last = { ...message(2, anId('peer500')), conversationId: anId<ConversationId>('c500'), at: Date.now() };
    room.signaling.frames.next({ type: 'chat.message', n: 1, message: last });
    await until('the row is first', () => summaries().order()[0] === 'c500');
    const now = new Map(
      summaries()
        .list()
        .map(row => [row.conversation.id, row]),
    );
    // What the background has fetched meanwhile is news to its rows; it may have come to this one, too.
    const isFetched = ({ conversation: { id, held } }: Summary) =>
      id !== 'c500' && now.get(id)?.conversation.held !== held;
    const changed = before.filter(row => now.get(row.conversation.id) !== row && !isFetched(row));
    expect(changed.map(row => row.conversation.id)).toEqual([anId('c500')]);
  });
});

describe('a disk that was full', () => {
  let room: ChatRoom;
  beforeEach(() => (room = new ChatRoom()));
  afterEach(() => room.close());

  it('holds no message that it refused: the next page fetches it', async () => {
    room.messages = [message(1)];
    await room.start();
    room.signaling.live(ME);
    await until('the first is kept', async () => (await room.kept()).includes(1));
    const save = spyOn(TestBed.inject(LocalChat), 'save').and.rejectWith(new DOMException('', 'QuotaExceededError'));
    room.messages = [message(1), message(2)];
    await expectAsync(room.store.heard(entry(2))).toBeRejected();
    save.and.callThrough();
    // Small enough for what room there is, and it says what is held.
    await room.store.marked(CONVERSATION, { userId: PEER.id, received: 2, read: 2 });
    room = room.reload();
    await room.start();
    room.signaling.live(ME);
    await until('the second is kept', async () => (await room.kept()).includes(2));
  });
});
