import type { ConversationId, MessageId } from '#protocol/ids';
import { newId } from '../testing/new-id.ts';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import type { TestClient } from '../testing/test-client.ts';

describe('messages that are retracted', () => {
  let server: LiveServer;
  let names = 0;
  let [ada, ben, eve]: TestDevice[] = [];
  let conversationId: ConversationId;
  let adaLine: TestClient;
  let adaPhone: TestClient;
  let benLine: TestClient;

  beforeAll(async () => {
    server = await LiveServer.start();
  });
  beforeEach(async () => {
    names++;
    [ada, ben, eve] = await Promise.all(['ada', 'ben', 'eve'].map(name => server.person(`${name}-${names}`)));
    conversationId = await server.befriend(ada!, ben!);
    [adaLine, benLine] = [await server.connect(ada!), await server.connect(ben!)];
    adaPhone = await server.connect(await server.otherDevice(ada!));
  });
  afterAll(() => server.stop());

  const newPost = (data = 'hello') =>
    ({ type: 'chat.post', conversationId, id: newId<MessageId>(), counts: true, data }) as const;
  const retract = (id: MessageId, author = ada!, of = conversationId) =>
    ({
      type: 'chat.retract',
      conversationId,
      target: { conversationId: of, authorId: author.userId, id },
    }) as const;
  async function posted(data?: string) {
    const post = newPost(data);
    adaLine.say(post);
    return adaLine.next('chat.posted', ({ id }) => id === post.id);
  }
  async function quiet(): Promise<void> {
    const lines = [adaLine, adaPhone, benLine];
    await Promise.all(lines.map(line => line.settled()));
    await server.signaling.idle();
    await Promise.all(lines.map(line => line.settled()));
  }
  const shown = (device: TestDevice) => server.store.messagesSince(conversationId, device.userId, 0, 10);
  const row = async ({ userId }: TestDevice) => {
    const list = await server.store.conversationsOf(userId, undefined, 5);
    return list === 'bad-cursor' ? undefined : list.items[0];
  };

  it('M10a, M10c keep their place, key and time, and are told to every device, the one that asks among them', async () => {
    await posted('stays');
    const { id, seq, at } = await posted('goes');
    adaPhone.say(retract(id));
    const author = { userId: ada!.userId, deviceId: ada!.deviceId };
    const message = { conversationId, seq, id, author, at, retracted: true } as const;
    for (const line of [adaLine, adaPhone, benLine])
      expect(await line.next('chat.retracted')).toEqual(jasmine.objectContaining({ message }));
    for (const device of [ada!, ben!]) expect((await shown(device))[1]).toEqual(message);
    expect(await row(ben!)).toEqual(
      jasmine.objectContaining({ unread: 1, last: jasmine.objectContaining({ seq: 1 }), lastSeq: 2 }),
    );
    await quiet();
    for (const line of [adaLine, adaPhone, benLine]) expect(line.unread('chat.retracted')).toEqual([]);
  });

  it('M10c are told in order: what was posted before on the same socket is there already', async () => {
    const post = newPost();
    adaLine.say(post);
    adaLine.say(retract(post.id));
    expect((await adaLine.next('chat.posted')).id).toBe(post.id);
    expect((await adaLine.next('chat.retracted')).message.id).toBe(post.id);
    expect((await benLine.next('chat.message')).message).toEqual(jasmine.objectContaining({ data: 'hello' }));
    expect((await benLine.next('chat.retracted')).message.id).toBe(post.id);
  });

  it('M10b take no new data: the same post again gets its first answer, and no other device hears of it', async () => {
    const post = newPost();
    adaLine.say(post);
    const first = await adaLine.next('chat.posted');
    adaLine.say(retract(post.id));
    await adaLine.next('chat.retracted');
    adaLine.say({ ...post, data: 'once more' });
    expect(await adaLine.next('chat.posted')).toEqual(jasmine.objectContaining({ seq: first.seq, at: first.at }));
    await quiet();
    expect(benLine.unread('chat.message').length).toBe(1);
    expect((await shown(ben!))[0]).toEqual(jasmine.objectContaining({ retracted: true }));
  });

  it('M11a are retracted by their author alone: every other asker learns nothing, and nothing changes', async () => {
    const { id } = await posted();
    const elsewhere = await server.befriend(ada!, eve!);
    const eveLine = await server.connect(eve!);
    const own = newPost();
    const asked: [TestClient, ReturnType<typeof retract>][] = [
      [benLine, retract(id)],
      [benLine, retract(id, ben)],
      [eveLine, retract(id)],
      [eveLine, retract(id, eve)],
      [eveLine, retract(newId(), eve, newId())],
      [adaLine, retract(id, ada, elsewhere)],
      [adaLine, { ...retract(id), conversationId: elsewhere }],
      [adaLine, { ...retract(id, ada, elsewhere), conversationId: elsewhere }],
      [adaLine, retract(newId())],
      // Before its post has come.
      [adaLine, retract(own.id)],
    ];
    for (const [line, frame] of asked) {
      line.say(frame);
      const fault = await line.next('fault');
      expect(fault.code).toBe('not-found');
      expect(fault.re).toEqual({ type: 'chat.retract', id: frame.target.id });
      expect(fault.retryMs).withContext('final').toBeUndefined();
    }
    adaLine.say(own);
    await adaLine.next('chat.posted');
    await quiet();
    for (const line of [adaLine, adaPhone, benLine, eveLine]) expect(line.unread('chat.retracted')).toEqual([]);
    expect((await shown(ben!)).map(message => 'data' in message && message.data)).toEqual(['hello', 'hello']);
  });

  it('M11b twice are answered twice, and told to the others once', async () => {
    const { id } = await posted();
    for (let i = 0; i < 3; i++) {
      adaLine.say(retract(id));
      expect((await adaLine.next('chat.retracted')).message.id).toBe(id);
    }
    await quiet();
    for (const line of [adaPhone, benLine]) expect(line.unread('chat.retracted').length).toBe(1);
  });

  it('M12 are told to those alone to whom they were shown: not to who had blocked their author', async () => {
    const before = await posted('before');
    await server.store.block(ben!.userId, ada!.userId, 1);
    const withheld = await posted('while blocked');
    adaLine.say(retract(withheld.id));
    for (const line of [adaLine, adaPhone]) expect((await line.next('chat.retracted')).message.seq).toBe(withheld.seq);
    await quiet();
    expect(benLine.unread('chat.retracted')).toEqual([]);
    expect((await row(ben!))?.retractions).toBe(0);
    // Ben was shown the message before the block: the retraction reaches him.
    adaLine.say(retract(before.id));
    expect((await benLine.next('chat.retracted')).message.seq).toBe(before.seq);
    await server.store.removeContact(ben!.userId, ada!.userId);
    expect((await shown(ben!))[1]).toEqual({ conversationId, seq: withheld.seq, withheld: true });
  });

  it('M10a that the store cannot forget now may be asked again; one frame that fails holds up no other one', async () => {
    const { StoreError } = await import('../store/store-error.ts');
    const { id } = await posted();
    const broken = spyOn(server.store, 'retractMessage').and.rejectWith(new StoreError('full', 'no room'));
    adaLine.say(retract(id));
    expect(await adaLine.next('fault')).toEqual(
      jasmine.objectContaining({ re: { type: 'chat.retract', id }, code: 'try-later', retryMs: 2_000 }),
    );
    broken.and.callThrough();
    adaLine.say(retract(id));
    await Promise.all([adaLine, benLine].map(line => line.next('chat.retracted')));
  });
});
