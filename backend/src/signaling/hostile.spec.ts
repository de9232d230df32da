import type { CallId, ConversationId, MessageId, UserId } from '#protocol/ids';
import { DATA_BYTES, FRAME_BYTES } from '#protocol/limits';
import { anId } from '#protocol/testing/ids';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import { Talk } from '../testing/talk.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';

describe('a hostile client', () => {
  let server: LiveServer;
  let ada: TestDevice;
  let eve: TestDevice;
  let conversationId: ConversationId;
  let names = 0;
  let client: TestClient;
  let bystander: TestClient;

  beforeAll(async () => {
    server = await LiveServer.start();
  });
  beforeEach(async () => {
    [ada, eve] = [await server.person(`ada-${++names}`), await server.person(`eve-${names}`)];
    conversationId = await server.befriend(ada, eve);
    [client, bystander] = [await server.connect(eve), await server.connect(ada)];
  });
  // Whatever was done here, the other one can still write and be answered.
  afterEach(async () => {
    const id = newId<MessageId>();
    bystander.say({ type: 'chat.post', counts: true, conversationId, id, data: 'still here' });
    expect((await bystander.next('chat.posted')).id).toBe(id);
  });
  afterAll(() => server.stop());

  const post = (more: object = {}) => ({
    type: 'chat.post',
    counts: true,
    n: 1,
    conversationId,
    id: crypto.randomUUID(),
    data: 'x',
    ...more,
  });

  const malformed: Record<string, () => object | string | Buffer> = {
    'no JSON': () => 'hello',
    'half a frame': () => JSON.stringify(post()).slice(0, -5),
    'an unknown type': () => ({ type: 'chat.delete', n: 1 }),
    'a frame of the server': () => ({ type: 'contacts.changed', n: 1 }),
    'a wrong shape': () => post({ data: 4 }),
    'a key too many': () => post({ seq: 1 }),
    'a reliable frame without its number': () => post({ n: undefined }),
    'a number with a gap before it': () => post({ n: 2 }),
    'a confirmation of what was never said': () => ({ type: 'ack', upTo: 7 }),
    'a binary frame': () => Buffer.from(JSON.stringify(post())),
    'deep nesting': () => '['.repeat(FRAME_BYTES - 1),
  };
  for (const [what, frame] of Object.entries(malformed)) {
    it(`P7 is closed with 4400: ${what}`, async () => {
      client.write(frame());
      expect(await client.closed).toBe(4400);
      expect(bystander.unread('chat.message')).toEqual([]);
    });
  }

  it('P23a is told which frame it was closed for, where that frame says its number', async () => {
    const hated = [
      post({ data: 4 }),
      post({ data: '\ud800' }),
      post({ data: '\u0000'.repeat(8_193) }),
      { type: 'chat.delete', n: 1 },
    ];
    for (const frame of hated) {
      client.write(frame);
      expect(await client.closed).toBe(4400);
      expect(client.reason).toBe('n=1');
      client = await server.connect(eve);
    }
    client.write('hello');
    expect(await client.closed).toBe(4400);
    expect(client.reason).toBe('malformed');
  });

  it('P8a is closed with 1009 where a frame is larger than 64 KB', async () => {
    client.write(post({ data: 'x'.repeat(1024 * 1024) }));
    expect(await client.closed).toBe(1009);
  });

  it('P8c is closed with 1007 where a text frame is no UTF-8', async () => {
    // A lone continuation, an overlong slash, half a surrogate pair, a sequence cut short (RFC 3629, 3).
    for (const bytes of [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x91]]) {
      const [before = '', after = ''] = JSON.stringify(post({ data: '~' })).split('~');
      client.writeAsText(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]));
      expect(await client.closed).toBe(1007);
      client = await server.connect(eve);
    }
    expect(bystander.unread('chat.message')).toEqual([]);
  });

  it('P7 is closed with 4400 at an offer of one byte more than 48 KiB, while the largest one arrives', async () => {
    const talk = new Talk(eve, ada, conversationId);
    await talk.active(client, bystander);
    await talk.offered(client, bystander, 'x'.repeat(DATA_BYTES));
    // Counted in bytes as they are written, not in characters.
    await talk.offered(client, bystander, `${'é'.repeat(DATA_BYTES / 2 - 1)}xx`);
    client.write({
      type: 'call.offer',
      ...talk.to(ada),
      n: client.nextNumber,
      link: 1,
      data: 'x'.repeat(DATA_BYTES + 1),
    });
    expect(await client.closed).toBe(4400);
    await bystander.settled();
    expect(bystander.unread('call.offer')).toEqual([]);
  });

  it('P9a is closed with 4429 at ten thousand frames in no time', async () => {
    for (let i = 0; i < 10_000; i++) client.write({ type: 'ping' });
    let code = 0;
    void client.closed.then(closed => (code = closed));
    // Whoever floods is not read any more, and cut two seconds later.
    while (code === 0) {
      await bystander.settled();
      server.time.pass(500);
    }
    expect(code).toBe(4429);
  });

  it('P9b, P9c is told to wait where it posts or calls too often, and its typing is told three times', async () => {
    for (let i = 0; i <= 1_000; i++) {
      client.say({ type: 'chat.post', counts: true, conversationId, id: newId(), data: 'x' });
      if (i % 500 === 499) await client.settled();
    }
    const refusedPost = await client.next('fault');
    expect(refusedPost).toEqual(jasmine.objectContaining({ code: 'too-fast', retryMs: 1_000 }));
    for (let i = 0; i <= 30; i++) {
      client.say({ type: 'call.invite', receiverId: ada.userId, callId: newId(), media: 'audio' });
    }
    expect((await client.next('fault', fault => fault.re.type === 'call.invite')).code).toBe('too-fast');
    for (let i = 0; i < 10; i++) client.say({ type: 'chat.typing', conversationId });
    for (let i = 0; i < 3; i++) await bystander.next('chat.typing');
    await client.settled();
    await bystander.settled();
    expect(bystander.unread('chat.typing')).toEqual([]);
  });

  it('P17 cannot name another sender: not in a message, not in a call', async () => {
    const [id, callId] = [newId<MessageId>(), newId<CallId>()];
    client.say({ type: 'chat.post', counts: true, conversationId, id, data: 'x', senderId: ada.userId });
    client.say({ type: 'call.invite', receiverId: ada.userId, callId, media: 'audio', senderId: ada.userId });
    for (const re of [
      { type: 'chat.post', id },
      { type: 'call.invite', id: callId },
    ]) {
      expect(await client.next('fault')).toEqual(jasmine.objectContaining({ re, code: 'sender-mismatch' }));
    }
    client.say({ type: 'chat.post', counts: true, conversationId, id, data: 'mine', senderId: eve.userId });
    const { message } = await bystander.next('chat.message');
    expect(message).toEqual(
      jasmine.objectContaining({ author: { userId: eve.userId, deviceId: eve.deviceId }, data: 'mine' }),
    );
  });

  it('D4b, P18b that does not read is closed when its outbox is full, and can come back', async () => {
    client.freeze();
    const message = { conversationId, seq: 1, id: newId<MessageId>() };
    const author = { userId: ada.userId, deviceId: ada.deviceId };
    const frame = {
      type: 'chat.message' as const,
      message: { ...message, author, at: 0, counts: true, data: 'x'.repeat(48 * 1024) },
    };
    for (let i = 0; i < 100; i++) server.events.say({ kind: 'deliver', deliveries: [{ userId: eve.userId, frame }] });
    await server.seen(eve, 0);
    expect((await client.hello(eve.token())).how).toBe('new');
  });

  it('P18a that leaves more than a megabyte unread is closed, whatever it is', async () => {
    client.freeze();
    const frame = { type: 'presence' as const, userId: anId<UserId>('x'.repeat(60_000)), state: 'online' as const };
    for (let i = 0; i < 300 && server.signaling.isLive(eve.deviceId); i++) {
      server.events.say({ kind: 'deliver', deliveries: [{ userId: eve.userId, frame }] });
      await bystander.settled();
    }
    await server.seen(eve, 0);
    expect((await client.hello(eve.token())).how).toBe('resumed');
  });

  it('P20a meets a fault of the server’s own alone', async () => {
    const broken = spyOn(server.store, 'conversation').and.rejectWith(new Error('disk on fire'));
    const id = newId<MessageId>();
    client.say({ type: 'chat.post', counts: true, conversationId, id, data: 'x' });
    expect(await client.next('fault')).toEqual(
      jasmine.objectContaining({ re: { type: 'chat.post', id }, code: 'internal' }),
    );
    broken.and.callThrough();
    client.say({ type: 'chat.post', counts: true, conversationId, id, data: 'x' });
    await client.next('chat.posted');
  });

  it('P20b whose hello the server cannot answer is closed with 1012', async () => {
    const broken = spyOn(server.store, 'acceptedContacts').and.rejectWith(new Error('disk on fire'));
    const other = server.client();
    await other.open();
    other.write({ type: 'hello', token: eve.token() });
    expect(await other.closed).toBe(1012);
    broken.and.callThrough();
  });
});
