import type { ConversationId, MessageId } from '#protocol/ids';
import { LiveServer } from '../testing/live-server.ts';
import { relationChange, type TestDevice } from '../testing/people.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';

describe('messages', () => {
  let server: LiveServer;
  let names = 0;
  let [ada, ben, eve]: TestDevice[] = [];
  let conversationId: ConversationId;
  let adaLine: TestClient;
  let benLine: TestClient;

  beforeAll(async () => {
    server = await LiveServer.start();
  });
  beforeEach(async () => {
    names++;
    [ada, ben, eve] = await Promise.all(['ada', 'ben', 'eve'].map(name => server.person(`${name}-${names}`)));
    conversationId = await server.befriend(ada!, ben!);
    [adaLine, benLine] = [await server.connect(ada!), await server.connect(ben!)];
  });
  afterAll(() => server.stop());

  const newPost = (data = 'hello', id = newId<MessageId>()) => ({
    type: 'chat.post' as const,
    conversationId,
    id,
    counts: true,
    data,
  });
  /** All three have been heard, and what they caused has been said. */
  async function quiet(...clients: TestClient[]): Promise<void> {
    await Promise.all(clients.map(client => client.settled()));
    await server.signaling.idle();
    await Promise.all(clients.map(client => client.settled()));
  }

  it('M1 are kept once: the same key again gets the first answer, whatever its data', async () => {
    const post = newPost();
    adaLine.say(post);
    const first = await adaLine.next('chat.posted');
    expect(first).toEqual(jasmine.objectContaining({ conversationId, id: post.id, seq: 1 }));
    adaLine.say(post);
    expect(await adaLine.next('chat.posted')).toEqual(jasmine.objectContaining({ seq: 1, at: first.at }));
    adaLine.say({ ...post, data: 'other' });
    expect(await adaLine.next('chat.posted')).toEqual(jasmine.objectContaining({ seq: 1, at: first.at }));
    benLine.say({ ...post, data: 'another sender, another message' });
    expect((await benLine.next('chat.posted')).seq).toBe(2);
    await quiet(adaLine, benLine);
    expect(benLine.unread('chat.message').length).toBe(1);
  });

  it('M2a are acknowledged when they are in the store, in the order they were written', async () => {
    const posts = Array.from({ length: 50 }, (_, i) => newPost(`number ${i}`));
    for (const post of posts) adaLine.say(post);
    for (const [i, { id }] of posts.entries()) {
      const posted = await adaLine.next('chat.posted');
      expect([posted.id, posted.seq]).toEqual([id, i + 1]);
      const stored = await server.store.messagesSince(conversationId, ben!.userId, i, 1);
      expect(stored[0]).toEqual(jasmine.objectContaining({ id }));
    }
    for (const { data } of posts)
      expect((await benLine.next('chat.message')).message).toEqual(jasmine.objectContaining({ data }));
  });

  it('M2b reach every device but the one that wrote them', async () => {
    const phone = await server.connect(await server.otherDevice(ada!));
    adaLine.say(newPost());
    const at = { author: { userId: ada!.userId, deviceId: ada!.deviceId }, seq: 1 };
    for (const line of [phone, benLine]) {
      expect((await line.next('chat.message')).message).toEqual(jasmine.objectContaining(at));
    }
    await quiet(adaLine);
    expect(adaLine.unread('chat.message')).toEqual([]);
  });

  it('M3 are for members alone, and between accepted contacts alone', async () => {
    const eveLine = await server.connect(eve!);
    const post = newPost();
    eveLine.say(post);
    expect(await eveLine.next('fault')).toEqual(
      jasmine.objectContaining({ re: { type: 'chat.post', id: post.id }, code: 'not-a-member' }),
    );
    eveLine.say({ type: 'chat.read', conversationId, seq: 1 });
    expect((await eveLine.next('fault')).code).toBe('not-a-member');
    eveLine.say({ ...newPost(), conversationId: newId() });
    expect((await eveLine.next('fault')).code).toBe('not-a-member');
    await server.store.removeContact(ben!.userId, ada!.userId);
    for (const line of [adaLine, benLine]) {
      line.say(newPost());
      const refused = await line.next('fault');
      expect(refused.code).toBe('not-contacts');
      expect(refused.retryMs).withContext('final').toBeUndefined();
    }
    expect(await server.store.lastSeq(conversationId)).toBe(0);
  });

  it('M5a are marked per user: the largest mark counts, up to the last message, and reading is receiving', async () => {
    const phone = await server.connect(await server.otherDevice(ben!));
    for (let i = 0; i < 3; i++) adaLine.say(newPost());
    await benLine.next('chat.message', ({ message }) => message.seq === 3);
    benLine.say({ type: 'chat.received', conversationId, seq: 99 });
    const marks = { conversationId, userId: ben!.userId };
    for (const line of [adaLine, phone]) {
      expect(await line.next('chat.receipt')).toEqual(jasmine.objectContaining({ ...marks, received: 3, read: 0 }));
    }
    benLine.say({ type: 'chat.read', conversationId, seq: 2 });
    benLine.say({ type: 'chat.read', conversationId, seq: 1 });
    for (const line of [adaLine, phone]) {
      expect(await line.next('chat.receipt')).toEqual(jasmine.objectContaining({ ...marks, received: 3, read: 2 }));
    }
    await quiet(adaLine, benLine, phone);
    expect([adaLine, phone, benLine].flatMap(line => line.unread('chat.receipt'))).toEqual([]);
  });

  it('M5b tell others that they arrived, not that they were read, where the reader wants it so', async () => {
    const phone = await server.connect(await server.otherDevice(ben!));
    await server.store.updateSettings(ben!.userId, { readReceipts: false });
    adaLine.say(newPost());
    await benLine.next('chat.message');
    benLine.say({ type: 'chat.read', conversationId, seq: 1 });
    expect(await adaLine.next('chat.receipt')).toEqual(jasmine.objectContaining({ received: 1, read: 0 }));
    expect(await phone.next('chat.receipt')).toEqual(jasmine.objectContaining({ received: 1, read: 1 }));
  });

  it('M6 that are being written are told to the other one where they are contacts, and else to no one', async () => {
    adaLine.say({ type: 'chat.typing', conversationId });
    expect(await benLine.next('chat.typing')).toEqual({ type: 'chat.typing', conversationId, senderId: ada!.userId });
    const eveLine = await server.connect(eve!);
    eveLine.say({ type: 'chat.typing', conversationId });
    await server.store.removeContact(ben!.userId, ada!.userId);
    server.events.say({ kind: 'relation-changed', change: relationChange(ben!, ada!, 'removed') });
    adaLine.say({ type: 'chat.typing', conversationId });
    await quiet(adaLine, benLine, eveLine);
    expect(benLine.unread('chat.typing')).toEqual([]);
  });

  it('M4a of a person who is blocked are acknowledged, and reach the blocker as an empty place alone', async () => {
    await server.store.block(ben!.userId, ada!.userId, 1);
    const post = newPost('let me in');
    adaLine.say(post);
    expect(await adaLine.next('chat.posted')).toEqual(jasmine.objectContaining({ id: post.id, seq: 1 }));
    expect((await benLine.next('chat.message')).message).toEqual({ conversationId, seq: 1, withheld: true });
    adaLine.say({ type: 'chat.typing', conversationId });
    benLine.say({ type: 'chat.typing', conversationId });
    benLine.say({ type: 'chat.read', conversationId, seq: 1 });
    adaLine.say({ type: 'chat.read', conversationId, seq: 1 });
    await quiet(adaLine, benLine);
    for (const line of [adaLine, benLine]) {
      expect(line.unread('chat.typing')).toEqual([]);
      expect(line.unread('chat.receipt')).toEqual([]);
    }
    benLine.say(newPost());
    expect((await benLine.next('fault')).code).toBe('not-contacts');
    await server.store.unblock(ben!.userId, ada!.userId);
    const history = await server.store.messagesSince(conversationId, ben!.userId, 0, 10);
    expect(history)
      .withContext('also after unblocking')
      .toEqual([{ conversationId, seq: 1, withheld: true }]);
  });

  it('M4b that are marked while the reader is blocked tell the one who blocked nothing of it', async () => {
    adaLine.say(newPost());
    await benLine.next('chat.message');
    const mark = server.store.mark.bind(server.store);
    const marking = spyOn(server.store, 'mark').and.callFake(async (...args) => {
      const marked = await mark(...args);
      await server.store.block(ada!.userId, ben!.userId, 1);
      return marked;
    });
    benLine.say({ type: 'chat.read', conversationId, seq: 1 });
    await quiet(adaLine, benLine);
    expect(marking).toHaveBeenCalledTimes(1);
    expect(adaLine.unread('chat.receipt')).toEqual([]);
  });

  it('M8 that do not count are told like any other, and are neither unread nor the last of a list', async () => {
    adaLine.say(newPost('counts'));
    adaLine.say({ ...newPost('does not'), counts: false });
    await benLine.next('chat.message');
    const { message } = await benLine.next('chat.message');
    expect(message).toEqual(jasmine.objectContaining({ seq: 2, counts: false }));
    const list = await server.store.conversationsOf(ben!.userId, undefined, 5);
    expect(list !== 'bad-cursor' && list.items[0]).toEqual(
      jasmine.objectContaining({ unread: 1, last: jasmine.objectContaining({ seq: 1 }) }),
    );
  });

  it('M9 that were decided before the two became something else to each other are decided again', async () => {
    const before = await server.store.conversation(conversationId);
    await server.store.removeContact(ben!.userId, ada!.userId);
    const read = spyOn(server.store, 'conversation').and.callFake(() => {
      read.and.callThrough();
      return Promise.resolve(before);
    });
    adaLine.say(newPost());
    expect((await adaLine.next('fault')).code).toBe('not-contacts');
    await quiet(adaLine, benLine);
    expect(read).toHaveBeenCalledTimes(2);
    expect(benLine.unread('chat.message')).toEqual([]);
    expect(await server.store.lastSeq(conversationId)).toBe(0);
  });

  it('M7a, M7b that the store has no room for now may be sent again; one it cannot take at all is a final fault', async () => {
    const { StoreError } = await import('../store/store-error.ts');
    const broken = spyOn(server.store, 'appendMessage');
    const post = newPost();
    const faults = [
      'overloaded',
      'unreachable',
      'full',
      'locked',
      'not-writable',
      'not-a-database',
      'refused',
    ] as const;
    const ofTheSystem = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    for (const error of [...faults.map(fault => new StoreError(fault, 'passes')), ofTheSystem]) {
      broken.and.rejectWith(error);
      adaLine.say(post);
      expect(await adaLine.next('fault')).toEqual(jasmine.objectContaining({ code: 'try-later', retryMs: 2_000 }));
    }
    broken.and.rejectWith(new StoreError('failed', 'no'));
    adaLine.say(post);
    expect((await adaLine.next('fault')).code).toBe('internal');
    broken.and.callThrough();
    adaLine.say(post);
    expect((await adaLine.next('chat.posted')).seq).toBe(1);
  });
});
